package io.webhookdb.benchmarks;

import io.webhookdb.jobs.replication.ReplicationJob;
import io.webhookdb.jobs.replication.ReplicationJobSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The replication job as in production, on a Flink in this process. */
final class BenchmarkJob {
    private final JobClient client;
    private final Path directory;

    private BenchmarkJob(JobClient client, Path directory) {
        this.client = client;
        this.directory = directory;
    }

    /**
     * Starts the job; returns before it runs.
     *
     * @param savepoint what {@link #stop} returned; null to begin without state
     */
    static BenchmarkJob start(BenchmarkSystem system, int parallelism, String savepoint)
            throws Exception {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(
                        configuration(system.directory(), parallelism, savepoint));
        ReplicationJob.build(
                env,
                ReplicationJobSettings.of(
                        system.bootstrap(), system.directory().resolve("keysets").toString()));
        return new BenchmarkJob(
                env.executeAsync("replication"), system.directory().resolve("savepoints"));
    }

    /** What production sets. */
    static Configuration configuration(Path directory, int parallelism, String savepoint) {
        Configuration configuration = new Configuration();
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(10));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
        // Flink's own default for a local cluster, half of this, is for trying things out.
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
        if (savepoint != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        return configuration;
    }

    /**
     * Returns while the job runs.
     *
     * @throws Exception why it does not
     */
    void checkRunning() throws Exception {
        if (client.getJobStatus().get().isTerminalState()) {
            client.getJobExecutionResult().get();
            throw new IllegalStateException("The job ended.");
        }
    }

    /** Stops the job and returns the savepoint it left. */
    String stop() throws Exception {
        return client.stopWithSavepoint(
                        false, directory.toUri().toString(), SavepointFormatType.NATIVE)
                .get();
    }
}
