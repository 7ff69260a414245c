package io.webhookdb.jobs.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.jobs.KeptSavepoint;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SyncTargetControl.Kind;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a release has written, this build reads and goes on with. */
@Timeout(180)
class SyncSavepointITCase {
    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(4)
                            .build());

    private static final KeptSavepoint KEPT = KeptSavepoint.of("sync");
    private static final long SECOND = 1_700_000_000L;
    private static final String TARGET = "syt_http";

    @TempDir Path directory;

    @Test
    void bringsTheRowsThatATargetHadRefusedFromARelease() throws Exception {
        if (KeptSavepoint.isToBeMade()) {
            make();
        }
        Path here = directory.resolve("restored");
        try (TestingSource source = new TestingSource(here);
                TestingReceiver receiver = new TestingReceiver()) {
            for (int i = 0; i < 60; i++) {
                // Of another organization's target: the kept job has read some records.
                source.target(Kind.HTTP, "syt_other", i + 1, receiver.url("/o"), State.DELETED);
                source.change("before_" + i, SECOND, "nobody");
            }
            source.target(Kind.HTTP, TARGET, 2, receiver.url("/in"), State.ACTIVE);
            TestingSyncJob job = TestingSyncJob.start(source.settings(), here, KEPT.uri(), 2);
            soon(job).untilAsserted(
                            () ->
                                    assertThat(receiver.rows().keySet())
                                            .contains("cus_0", "cus_1", "cus_2", "cus_3", "cus_4"));
            assertThat(receiver.rows().get("cus_3").get("email").asText()).isEqualTo("waiting");

            source.change("cus_3", SECOND + 10, "newer");
            soon(job).untilAsserted(
                            () ->
                                    assertThat(receiver.rows().get("cus_3").get("email").asText())
                                            .isEqualTo("newer"));
            job.cancel();
        }
    }

    /** A target has read its table, then refuses what comes; that waits. */
    private void make() throws Exception {
        Path here = directory.resolve("made");
        try (TestingSource source = new TestingSource(here);
                TestingReceiver receiver = new TestingReceiver()) {
            source.existing("cus_before", SECOND, "first");
            source.target(Kind.HTTP, TARGET, 1, receiver.url("/in"), State.ACTIVE);
            TestingSyncJob job = TestingSyncJob.start(source.settings(), here, null, 2);
            soon(job).untilAsserted(
                            () -> assertThat(receiver.rows()).containsKey("cus_before"));
            receiver.answer(503);
            for (int i = 0; i < 5; i++) {
                source.change("cus_" + i, SECOND, "waiting");
            }
            soon(job).untilAsserted(
                            () ->
                                    assertThat(
                                                    source.progress(TARGET).stream()
                                                            .mapToLong(shard -> shard.pending())
                                                            .sum())
                                            .isEqualTo(5));
            KEPT.keep(job.savepoint(here));
            job.cancel();
        }
    }

    private static ConditionFactory soon(TestingSyncJob job) {
        return await().failFast(job::checkRunning)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions();
    }
}
