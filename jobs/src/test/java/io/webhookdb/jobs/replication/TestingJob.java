package io.webhookdb.jobs.replication;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

/** A replication job on the MiniCluster of the test. */
final class TestingJob {
    private final JobClient client;

    private static final Pattern COMPLETED = Pattern.compile("chk-(\\d+)/_metadata$");

    private TestingJob(JobClient client) {
        this.client = client;
    }

    static TestingJob start(ReplicationJobSettings settings, Path directory) throws Exception {
        return start(settings, directory, null, 2);
    }

    static TestingJob start(
            ReplicationJobSettings settings, Path directory, String savepoint, int parallelism)
            throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(500));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
        if (savepoint != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        ReplicationJob.build(env, settings);
        return new TestingJob(env.executeAsync("replication"));
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

    /** Number of the newest completed checkpoint; 0 before the first. */
    int newestCheckpoint(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("checkpoints"))) {
            return files.map(file -> COMPLETED.matcher(file.toString()))
                    .filter(Matcher::find)
                    .mapToInt(matcher -> Integer.parseInt(matcher.group(1)))
                    .max()
                    .orElse(0);
        } catch (NoSuchFileException | UncheckedIOException e) {
            // One was just replaced by the next.
            return 0;
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
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(this::hasEnded);
        }
    }

    private boolean hasEnded() throws Exception {
        try {
            return client.getJobStatus().get().isGloballyTerminalState();
        } catch (IllegalStateException e) {
            // The cluster went with its only job.
            return true;
        }
    }
}
