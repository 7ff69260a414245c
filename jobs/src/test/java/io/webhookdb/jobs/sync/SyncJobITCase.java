package io.webhookdb.jobs.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SyncTargetControl.Kind;
import io.webhookdb.schemas.status.SyncProgress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class SyncJobITCase {
    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(4)
                            .build());

    private static final long SECOND = 1_700_000_000L;

    @TempDir Path directory;
    private TestingSource source;
    private TestingReceiver receiver;
    private TestingSyncJob job;
    private final Map<String, String> expected = new HashMap<>();

    @BeforeEach
    void startAll() throws Exception {
        source = new TestingSource(directory);
        receiver = new TestingReceiver();
    }

    @AfterEach
    void stopAll() throws Exception {
        if (job != null) {
            job.cancel();
        }
        receiver.close();
        source.close();
    }

    @Test
    void bringsExistingRowsAndLaterChangesToBothKindsOfTargets() throws Exception {
        for (int i = 0; i < 40; i++) {
            existing("cus_" + i, SECOND + i, "first@example.com");
        }
        job = TestingSyncJob.start(source.settings(), directory, null, 2);
        target(Kind.HTTP, "syt_http", 1, State.ACTIVE);
        target(Kind.POSTGRES, "syt_pg", 1, State.ACTIVE);
        change("cus_3", SECOND + 100, "while-reading@example.com");
        change("cus_new", SECOND + 100, "new@example.com");
        soon().untilAsserted(() -> assertThat(received()).isEqualTo(expected));
        soon().untilAsserted(() -> assertThat(mirrored()).isEqualTo(expected));

        change("cus_late", SECOND - 10_000_000, "late@example.com");
        source.delete("cus_5", SECOND + 200, "first@example.com");
        soon().untilAsserted(() -> assertThat(received()).isEqualTo(expected));
        soon().untilAsserted(() -> assertThat(mirrored()).isEqualTo(expected));
        soon().untilAsserted(
                        () ->
                                assertThat(
                                                source.query(
                                                        "warehouse",
                                                        "SELECT stripe_id, email FROM"
                                                                + " mirror.customers WHERE"
                                                                + " _deleted_at IS NOT NULL"))
                                        .containsOnlyKeys("cus_5"));
        soon().untilAsserted(
                        () -> assertThat(receiver.rows().get("cus_5").has("_deleted_at")).isTrue());

        JsonNode body = receiver.bodies().get(0);
        assertThat(body.get("integration_id").asText()).isEqualTo(TestingSource.INTEGRATION);
        assertThat(body.get("integration_service").asText()).isEqualTo("stripe_customer_v1");
        assertThat(body.get("table").asText()).isEqualTo("customers");
        assertThat(body.get("sync_timestamp").asText())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\+00:00");
        assertThat(receiver.bodies()).allMatch(page -> page.get("rows").size() <= 5);
        assertThat(receiver.bodies()).noneMatch(page -> page.get("rows").isEmpty());
        assertThat(receiver.authorizations())
                .containsOnly("Basic dXNAZXI6cGFzcy93b3Jk"); // us@er:pass/word
        job.checkRunning();
        soon().untilAsserted(
                        () -> {
                            Collection<SyncProgress> shards = source.progress("syt_pg");
                            assertThat(shards.stream().mapToLong(SyncProgress::rows).sum())
                                    .isGreaterThanOrEqualTo(expected.size());
                            assertThat(shards)
                                    .allSatisfy(
                                            shard -> {
                                                assertThat(shard.pending()).isZero();
                                                assertThat(shard.loading()).isFalse();
                                                assertThat(shard.failure()).isNull();
                                                assertThat(shard.lastSyncedAt()).isNotNull();
                                            });
                        });
    }

    @Test
    void losesNothingOverARestartWhileATargetRefuses() throws Exception {
        for (int i = 0; i < 30; i++) {
            existing("cus_" + i, SECOND + i, "first@example.com");
        }
        receiver.answer(503);
        target(Kind.HTTP, "syt_http", 1, State.ACTIVE);
        target(Kind.POSTGRES, "syt_pg", 1, State.ACTIVE);
        job = TestingSyncJob.start(source.settings(), directory, null, 2);
        soon().untilAsserted(() -> assertThat(mirrored()).isEqualTo(expected));
        for (int i = 0; i < 10; i++) {
            change("cus_" + i, SECOND + 1000 + i, "second@example.com");
        }
        soon().untilAsserted(() -> assertThat(mirrored()).isEqualTo(expected));
        soon().untilAsserted(
                        () ->
                                assertThat(source.progress("syt_http"))
                                        .anySatisfy(
                                                shard -> {
                                                    assertThat(shard.failures()).isPositive();
                                                    assertThat(shard.failure()).contains("503");
                                                    assertThat(shard.pending()).isPositive();
                                                    assertThat(shard.rows()).isZero();
                                                }));
        String savepoint = job.savepoint(directory);
        job.cancel();
        assertThat(receiver.bodies()).isEmpty();
        change("cus_down", SECOND + 2000, "while-down@example.com");
        receiver.answer(204);

        job = TestingSyncJob.start(source.settings(), directory, savepoint, 3);
        soon().untilAsserted(() -> assertThat(received()).isEqualTo(expected));
        soon().untilAsserted(() -> assertThat(mirrored()).isEqualTo(expected));
    }

    private void existing(String key, long second, String email) throws Exception {
        source.existing(key, second, email);
        expected.put(key, email);
    }

    private void change(String key, long second, String email) throws Exception {
        source.change(key, second, email);
        expected.put(key, email);
    }

    private void target(Kind kind, String id, long revision, State state) {
        String url = kind == Kind.HTTP ? receiver.url("/in?x=1") : source.warehouseUrl();
        source.target(kind, id, revision, url, state);
    }

    private Map<String, String> received() {
        Map<String, String> emails = new HashMap<>();
        receiver.rows().forEach((key, row) -> emails.put(key, row.get("email").asText()));
        receiver.rows()
                .forEach(
                        (key, row) ->
                                assertThat(row.get("data").get("id").asText()).isEqualTo(key));
        return emails;
    }

    private Map<String, String> mirrored() throws Exception {
        return source.query("warehouse", "SELECT stripe_id, email FROM mirror.customers");
    }

    private ConditionFactory soon() {
        return await().failFast(job::checkRunning)
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions();
    }
}
