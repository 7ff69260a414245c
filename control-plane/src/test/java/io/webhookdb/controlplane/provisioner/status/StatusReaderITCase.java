package io.webhookdb.controlplane.provisioner.status;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.database.ApplicationDatabase;
import io.webhookdb.controlplane.database.OpaqueIds;
import io.webhookdb.schemas.status.IntegrationMinute;
import io.webhookdb.schemas.status.RecentRequests;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class StatusReaderITCase {
    private static final long MINUTE = System.currentTimeMillis() / 60_000;

    private final TestingSystem system;
    private final ApplicationDatabase database;
    private final String integration = OpaqueIds.next("svi");

    StatusReaderITCase(TestingSystem system) {
        this.system = system;
        this.database = ApplicationDatabase.open(system.application(), 2);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void addsUpReportersAndReplacesEachOnesEarlierReport() {
        TestingReports.send(
                system.bootstrap(),
                report("replication/0", 3, 40),
                report("replication/1", 10, 70),
                report("replication/0", 5, 60),
                report("replication/0", 5, 60));

        await().untilAsserted(() -> assertThat(received()).isEqualTo(15));
        assertThat(column("latency_max_millis")).isEqualTo(70);
        assertThat(column("latency_sum_millis")).isEqualTo(130);
    }

    @Test
    void keepsTheLastTenRequestsOfAllReporters() {
        TestingReports.send(
                system.bootstrap(),
                requests("ingest/1", 1, 10),
                requests("ingest/2", 6, 9),
                requests("ingest/1", 6, 9));

        await().untilAsserted(
                        () ->
                                assertThat(times())
                                        .containsExactly(3L, 4L, 5L, 6L, 6L, 7L, 7L, 8L, 8L, 9L));
    }

    private List<Long> times() {
        return database.jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery(
                                                "SELECT extract(epoch FROM at)::bigint - 1700000000"
                                                    + " FROM integration_requests WHERE integration"
                                                    + " = ? ORDER BY 1")
                                        .bind(0, integration)
                                        .mapTo(Long.class)
                                        .list());
    }

    private RecentRequests requests(String reporter, long from, long to) {
        return new RecentRequests(
                1,
                integration,
                reporter,
                LongStream.range(from, to)
                        .mapToObj(
                                second ->
                                        new RecentRequests.Request(
                                                (1_700_000_000 + second) * 1_000_000,
                                                200,
                                                "accepted",
                                                3))
                        .toList());
    }

    @Test
    void skipsWhatIsNoReportAndGoesOn() {
        TestingReports.raw(
                system.bootstrap(), "integration/" + integration, "{\"a\"".getBytes(UTF_8));
        TestingReports.raw(system.bootstrap(), "integration/" + integration, null);
        TestingReports.raw(
                system.bootstrap(),
                "integration/" + integration,
                "{\"kind\":\"of_a_later_release\"}".getBytes(UTF_8));
        TestingReports.send(system.bootstrap(), report("nul\u0000", 1, 1), report("good", 2, 1));

        await().untilAsserted(() -> assertThat(received()).isEqualTo(2));
    }

    @Test
    void goesOnWhereItStoppedAfterARestart() {
        TestingReports.send(system.bootstrap(), report("before", 1, 1));
        await().until(() -> received() == 1);
        system.stopProvisioner();
        try {
            // Read again it would count again.
            database.jdbi()
                    .useHandle(
                            handle ->
                                    handle.execute(
                                            "DELETE FROM integration_minute_reports WHERE"
                                                    + " integration = ?",
                                            integration));
            TestingReports.send(system.bootstrap(), report("meanwhile", 4, 1));
        } finally {
            system.startProvisioner();
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> received() == 4);
        assertThat(reporters()).isEqualTo(1);
    }

    @Test
    void waitsForATableThatIsLocked() throws Exception {
        try (ApplicationDatabase other = ApplicationDatabase.open(system.application(), 1)) {
            other.jdbi()
                    .useTransaction(
                            handle -> {
                                handle.execute("SET LOCAL lock_timeout = 0");
                                handle.execute(
                                        "LOCK TABLE integration_minutes IN ACCESS EXCLUSIVE MODE");
                                TestingReports.send(system.bootstrap(), report("late", 7, 1));
                                // Longer than a statement waits for a lock.
                                await().atMost(Duration.ofSeconds(20))
                                        .until(
                                                () ->
                                                        handle.createQuery(
                                                                        "SELECT now() + interval '6"
                                                                            + " seconds' <"
                                                                            + " clock_timestamp()")
                                                                .mapTo(Boolean.class)
                                                                .one());
                            });
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> received() == 7);
    }

    private long received() {
        return column("received");
    }

    private long column(String name) {
        return database.jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery(
                                                "SELECT coalesce(sum("
                                                        + name
                                                        + "), 0)::bigint FROM integration_minutes"
                                                        + " WHERE integration = ?")
                                        .bind(0, integration)
                                        .mapTo(Long.class)
                                        .one());
    }

    private long reporters() {
        return database.jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery(
                                                "SELECT count(*) FROM integration_minute_reports"
                                                        + " WHERE integration = ?")
                                        .bind(0, integration)
                                        .mapTo(Long.class)
                                        .one());
    }

    private IntegrationMinute report(String reporter, long received, long latency) {
        return new IntegrationMinute(
                1,
                integration,
                MINUTE,
                reporter,
                received,
                0,
                0,
                0,
                received,
                0,
                100,
                latency,
                latency,
                0);
    }
}
