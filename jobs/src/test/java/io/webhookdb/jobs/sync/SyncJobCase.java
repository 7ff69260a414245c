package io.webhookdb.jobs.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SyncTargetControl.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A table, a receiver and a warehouse, and a job between them that the test starts. */
abstract class SyncJobCase {
    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(4)
                            .build());

    static final long SECOND = 1_700_000_000L;

    @TempDir Path directory;
    TestingSource source;
    TestingReceiver receiver;
    TestingSyncJob job;
    final Map<String, String> expected = new HashMap<>();

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

    void existing(String key, long second, String email) throws Exception {
        source.existing(key, second, email);
        expected.put(key, email);
    }

    void change(String key, long second, String email) throws Exception {
        source.change(key, second, email);
        expected.put(key, email);
    }

    void target(Kind kind, String id, long revision, State state) {
        String url = kind == Kind.HTTP ? receiver.url("/in?x=1") : source.warehouseUrl();
        source.target(kind, id, revision, url, state);
    }

    Map<String, String> received() {
        Map<String, String> emails = new HashMap<>();
        receiver.rows().forEach((key, row) -> emails.put(key, row.get("email").asText()));
        receiver.rows()
                .forEach(
                        (key, row) ->
                                assertThat(row.get("data").get("id").asText()).isEqualTo(key));
        return emails;
    }

    Map<String, String> mirrored() throws Exception {
        return source.query("warehouse", "SELECT stripe_id, email FROM mirror.customers");
    }

    ConditionFactory soon() {
        return await().failFast(job::checkRunning)
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions();
    }
}
