package io.webhookdb.jobs.replication;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.change.RowChange;
import io.webhookdb.schemas.change.RowChangeCodec;
import io.webhookdb.schemas.control.ControlRecord.State;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No organization feels the database of another. */
@Timeout(240)
class IsolationITCase {
    private static final long ORGANIZATIONS = 12;
    private static final long DEAD = 10;
    private static final long HANGING = 11;
    private static final long READ_ONLY = 12;
    private static final long SECOND = 1_700_000_000L;
    private static final int ROUNDS = 5;
    private static final int CUSTOMERS = 8;

    @TempDir Path directory;

    @Test
    void organizationsFlowWhileDatabasesOfOthersAreDeadHangOrRefuse() throws Exception {
        // Whoever connects to these is accepted by the kernel, or refused, and never answered.
        try (TestingSystem system = new TestingSystem(directory);
                ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            system.publishDefinition();
            for (long organization = 1; organization <= ORGANIZATIONS; organization++) {
                system.createDatabase(organization);
                system.createTable(organization, "customers");
                system.publishIntegration(
                        organization, integration(organization), "customers", 1, State.ACTIVE);
                system.publishOrganization(
                        organization,
                        1,
                        system.postgres().password(),
                        port(system, silent, organization));
            }
            readOnly(system, "on");
            TestingJob job = TestingJob.start(system.settings(), directory);
            try {
                for (int round = 1; round <= ROUNDS; round++) {
                    send(system, round);
                    int sent = round;
                    (round == 1 ? soon() : atOnce())
                            .untilAsserted(
                                    () -> {
                                        job.checkRunning();
                                        healthy()
                                                .forEach(each -> assertWritten(system, each, sent));
                                    });
                }
                int before = job.newestCheckpoint(directory);
                Awaitility.await()
                        .atMost(Duration.ofSeconds(15))
                        .until(() -> job.newestCheckpoint(directory) >= before + 5);
                assertThat(rows(system, READ_ONLY)).isEqualTo("0");

                system.publishOrganization(DEAD, 2);
                system.publishOrganization(HANGING, 2);
                readOnly(system, "off");
                soon().untilAsserted(
                                () -> {
                                    job.checkRunning();
                                    LongStream.rangeClosed(1, ORGANIZATIONS)
                                            .forEach(each -> assertWritten(system, each, ROUNDS));
                                    LongStream.rangeClosed(1, ORGANIZATIONS)
                                            .forEach(each -> assertAnnounced(system, each));
                                });
            } finally {
                job.cancel();
            }
        }
    }

    private static int port(TestingSystem system, ServerSocket silent, long organization) {
        if (organization == DEAD) {
            return 1;
        }
        return organization == HANGING ? silent.getLocalPort() : system.postgres().port();
    }

    private static void readOnly(TestingSystem system, String onOrOff) {
        system.execute(
                "postgres",
                "ALTER DATABASE "
                        + TestingSystem.database(READ_ONLY)
                        + " SET default_transaction_read_only = "
                        + onOrOff);
    }

    private static void send(TestingSystem system, int round) {
        for (long organization = 1; organization <= ORGANIZATIONS; organization++) {
            for (int customer = 0; customer < CUSTOMERS; customer++) {
                system.customer(
                        integration(organization),
                        "cus_" + customer,
                        SECOND + round,
                        round + "@example.com");
            }
            system.customer(
                    integration(organization), "new_" + round, SECOND, round + "@example.com");
        }
    }

    private static LongStream healthy() {
        return LongStream.range(1, DEAD);
    }

    /** Every customer at its newest state, and those that came once. */
    private static void assertWritten(TestingSystem system, long organization, int round) {
        assertThat(rows(system, organization)).isEqualTo("" + (CUSTOMERS + round));
        assertThat(
                        system.column(
                                TestingSystem.database(organization),
                                "SELECT count(*) FROM customers WHERE stripe_id LIKE 'cus_%'"
                                        + " AND email = '"
                                        + round
                                        + "@example.com'"))
                .containsExactly("" + CUSTOMERS);
    }

    /** The newest version of every customer; earlier ones may have been merged. */
    private static void assertAnnounced(TestingSystem system, long organization) {
        Map<String, RowChange> newest = new HashMap<>();
        for (String json : system.records(Topics.CHANGES)) {
            RowChange change = RowChangeCodec.decode(json.getBytes(UTF_8));
            if (change.organization() == organization && change.remoteKey().startsWith("cus_")) {
                newest.merge(
                        change.remoteKey(),
                        change,
                        (a, b) -> a.version().compareTo(b.version()) < 0 ? b : a);
            }
        }
        assertThat(newest).hasSize(CUSTOMERS);
        assertThat(newest.values())
                .allMatch(
                        change ->
                                change.row().get("email").asText().equals(ROUNDS + "@example.com"));
    }

    private static String rows(TestingSystem system, long organization) {
        return system.column(TestingSystem.database(organization), "SELECT count(*) FROM customers")
                .get(0);
    }

    private static String integration(long organization) {
        return "svi_" + organization;
    }

    /** Far sooner than any time limit on a database that hangs. */
    private static ConditionFactory atOnce() {
        return Awaitility.await().atMost(Duration.ofSeconds(8));
    }

    /** Well beyond the longest wait between attempts, 30 s, on a machine that is busy. */
    private static ConditionFactory soon() {
        return Awaitility.await().atMost(Duration.ofSeconds(90));
    }
}
