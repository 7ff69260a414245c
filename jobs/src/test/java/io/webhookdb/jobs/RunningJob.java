package io.webhookdb.jobs;

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
import org.awaitility.Awaitility;

/** A job on the MiniCluster of the test. */
public class RunningJob {
    private static final Pattern COMPLETED = Pattern.compile("chk-(\\d+)/_metadata$");

    private final JobClient client;

    protected RunningJob(JobClient client) {
        this.client = client;
    }

    /**
     * Two checkpoints a second in that directory, no restarts.
     *
     * @param savepoint where the job begins; null for anew
     */
    protected static Configuration configuration(
            Path directory, String savepoint, int parallelism) {
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
        return configuration;
    }

    /**
     * Returns while the job runs.
     *
     * @throws Exception why it does not
     */
    public final void checkRunning() throws Exception {
        if (client.getJobStatus().get().isTerminalState()) {
            client.getJobExecutionResult().get();
        }
    }

    /** Number of the newest completed checkpoint; 0 before the first. */
    public final int newestCheckpoint(Path directory) throws IOException {
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

    /** Takes a savepoint below that directory and says where it is. */
    public final String savepoint(Path directory) throws Exception {
        return client.triggerSavepoint(
                        directory.resolve("savepoints").toUri().toString(),
                        SavepointFormatType.CANONICAL)
                .get();
    }

    /** Ends the job; returns when it has ended. */
    public final void cancel() throws Exception {
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
