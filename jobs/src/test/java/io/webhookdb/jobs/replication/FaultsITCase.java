package io.webhookdb.jobs.replication;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.change.RowChange;
import io.webhookdb.schemas.change.RowChangeCodec;
import io.webhookdb.schemas.control.ControlRecord.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is lost or restarted, rows end as the simplest model says: per customer the state of the
 * latest second.
 */
@Timeout(240)
class FaultsITCase {
    private static final long SECOND = 1_700_000_000L;
    private static final int CUSTOMERS = 20;

    @TempDir Path directory;
    private TestingSystem system;
    private TestingJob job;
    private final Random random = new Random(7);
    private int sent;
    private final Map<String, Long> model = new TreeMap<>();

    @BeforeEach
    void prepare() throws Exception {
        system = new TestingSystem(directory);
        system.publishDefinition();
        system.createDatabase(1);
        system.createTable(1, "customers");
        system.publishOrganization(1, 1);
        system.publishIntegration(1, "svi_1", "customers", 1, State.ACTIVE);
    }

    @AfterEach
    void close() throws Exception {
        if (job != null) {
            job.cancel();
        }
        system.close();
    }

    @Test
    void rowsAndChangeIdsAreTheSameWhenStateIsLostAndTheLogIsReadAgain() throws Exception {
        send(200);
        job = TestingJob.start(system.settings(), directory);
        awaitModel();
        awaitNewestAnnounced();
        job.cancel();
        job = null;
        Map<String, Set<String>> before = idsByVersion();

        system.forgetProgress();
        send(50);
        job = TestingJob.start(system.settings(), directory);
        awaitModel();
        awaitNewestAnnounced();
        idsByVersion()
                .forEach(
                        (version, ids) -> {
                            assertThat(ids).as(version).hasSize(1);
                            if (before.containsKey(version)) {
                                assertThat(ids).isEqualTo(before.get(version));
                            }
                        });
    }

    @Test
    void aServerThatIsKilledAndRecoversInMidStreamLosesAndRepeatsNothing() throws Exception {
        job = TestingJob.start(system.settings(), directory);
        send(100);
        awaitModel();
        for (int i = 0; i < 2; i++) {
            send(50);
            system.postgres().kill();
            send(50);
            system.postgres().start();
        }
        awaitModel();
        awaitNewestAnnounced();
        idsByVersion().values().forEach(ids -> assertThat(ids).hasSize(1));
    }

    @Test
    void whatWaitedForADatabaseIsReadAgainWhenTheStateThatHeldItIsLost() throws Exception {
        send(20);
        job = TestingJob.start(system.settings(), directory);
        awaitModel();
        system.postgres().stop();
        send(30);
        // The source has committed what the writer could not write.
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> system.committed(system.settings().groupId()) == 50);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .during(system.settings().hold().multipliedBy(3))
                .until(() -> system.committed(system.settings().floor().parkedGroup()) == 20);
        job.cancel();

        system.postgres().start();
        job = TestingJob.start(system.settings(), directory);
        awaitModel();
        awaitNewestAnnounced();
    }

    private void send(int events) {
        for (int i = 0; i < events; i++) {
            String customer = "cus_" + random.nextInt(CUSTOMERS);
            // Late ones among them; no two at one time.
            long second = SECOND + random.nextInt(1_000) * 10_000L + sent++;
            system.customer("svi_1", customer, second, second + "@example.com");
            model.merge(customer, second, Math::max);
        }
    }

    private void awaitModel() {
        Map<String, String> expected =
                model.entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey, e -> e.getValue() + "@example.com"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .untilAsserted(
                        () -> {
                            job.checkRunning();
                            assertThat(rows()).isEqualTo(expected);
                        });
    }

    private Map<String, String> rows() {
        return system
                .column(
                        TestingSystem.database(1),
                        "SELECT stripe_id || ' ' || email FROM customers")
                .stream()
                .map(row -> row.split(" "))
                .collect(Collectors.toMap(row -> row[0], row -> row[1]));
    }

    private void awaitNewestAnnounced() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () ->
                                assertThat(
                                                changes().stream()
                                                        .map(
                                                                change ->
                                                                        change.row()
                                                                                .get("email")
                                                                                .asText())
                                                        .collect(Collectors.toSet()))
                                        .containsAll(rows().values()));
    }

    private Map<String, Set<String>> idsByVersion() {
        Map<String, Set<String>> ids = new HashMap<>();
        for (RowChange change : changes()) {
            ids.merge(
                    change.remoteKey() + " " + change.version(),
                    Set.of(change.id()),
                    (a, b) ->
                            a.equals(b)
                                    ? a
                                    : Stream.of(a, b)
                                            .flatMap(Set::stream)
                                            .collect(Collectors.toSet()));
        }
        return ids;
    }

    private List<RowChange> changes() {
        return system.records(Topics.CHANGES).stream()
                .map(json -> RowChangeCodec.decode(json.getBytes(UTF_8)))
                .toList();
    }
}
