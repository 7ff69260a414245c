package io.webhookdb.jobs.sync;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.awaitility.Awaitility;

/** A sync job on the MiniCluster of the test. */
final class TestingSyncJob {
    private final JobClient client;

    private TestingSyncJob(JobClient client) {
        this.client = client;
    }

    static TestingSyncJob start(
            SyncJobSettings settings, Path directory, String savepoint, int parallelism)
            throws Exception {
        return start(settings, directory, savepoint, parallelism, "disable");
    }

    /** One that goes on from its last checkpoint whenever it fails. */
    static TestingSyncJob startResilient(SyncJobSettings settings, Path directory, int parallelism)
            throws Exception {
        return start(settings, directory, null, parallelism, "fixed-delay");
    }

    private static TestingSyncJob start(
            SyncJobSettings settings,
            Path directory,
            String savepoint,
            int parallelism,
            String restarts)
            throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(500));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, restarts);
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
        if (savepoint != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        SyncJob.build(env, settings);
        return new TestingSyncJob(env.executeAsync("sync"));
    }

    /**
     * Returns while the job runs.
     *
     * @throws Exception why it does not
     */
    void checkRunning() throws Exception {
        if (client.getJobStatus().get().isTerminalState()) {
            client.getJobExecutionResult().get();
        }
    }

    String savepoint(Path directory) throws Exception {
        return client.triggerSavepoint(
                        directory.resolve("savepoints").toUri().toString(),
                        SavepointFormatType.CANONICAL)
                .get();
    }

    void cancel() throws Exception {
        if (!client.getJobStatus().get().isGloballyTerminalState()) {
            client.cancel().get();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> client.getJobStatus().get().isGloballyTerminalState());
        }
    }
}
