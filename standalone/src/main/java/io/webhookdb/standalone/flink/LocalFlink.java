package io.webhookdb.standalone.flink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flink in this JVM: one JobManager, one TaskManager, the web UI on loopback. Checkpoints go to the
 * data directory and outlive the process; a job that is submitted again continues from its newest
 * one, also after a kill.
 */
public final class LocalFlink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalFlink.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);
    private static final int SLOTS = 8;

    private final Path directory;
    private final MiniCluster cluster;
    private final Configuration configuration;

    private LocalFlink(Path directory, MiniCluster cluster, Configuration configuration) {
        this.directory = directory;
        this.cluster = cluster;
        this.configuration = configuration;
    }

    /**
     * Starts the cluster.
     *
     * @param directory where checkpoints are kept; created if missing
     * @param webPort port of the web UI and REST API, 0 for a free one
     */
    public static LocalFlink start(Path directory, int webPort) {
        try {
            Path scratch = Files.createDirectories(directory.resolve("scratch"));
            Configuration configuration = configuration(scratch, webPort);
            MiniCluster cluster =
                    new MiniCluster(
                            new MiniClusterConfiguration.Builder()
                                    .setConfiguration(configuration)
                                    .setNumTaskManagers(1)
                                    .setNumSlotsPerTaskManager(SLOTS)
                                    .build());
            cluster.start();
            return new LocalFlink(directory, cluster, configuration);
        } catch (Exception e) {
            throw new IllegalStateException("Flink cannot be started in " + directory, e);
        }
    }

    private static Configuration configuration(Path scratch, int webPort) {
        Configuration configuration = new Configuration();
        configuration.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        configuration.set(RestOptions.ADDRESS, "127.0.0.1");
        configuration.set(RestOptions.PORT, webPort);
        configuration.set(RestOptions.BIND_PORT, Integer.toString(webPort));
        configuration.set(WebOptions.SUBMIT_ENABLE, false);
        // Flink lets pages of any origin read, and who can read a job's id can cancel the job by a
        // plain GET.
        configuration.set(WebOptions.ACCESS_CONTROL_ALLOW_ORIGIN, "http://127.0.0.1:" + webPort);
        configuration.set(JobManagerOptions.BIND_HOST, "127.0.0.1");
        configuration.set(TaskManagerOptions.BIND_HOST, "127.0.0.1");
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
        configuration.set(CoreOptions.TMP_DIRS, scratch.toString());
        return configuration;
    }

    /** Address of the web UI. */
    public String url() {
        try {
            return cluster.getRestAddress().get(10, TimeUnit.SECONDS).toString();
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Flink's web UI did not start", e);
        }
    }

    /**
     * Submits a job, continuing from its newest checkpoint if there is one.
     *
     * @param name folder of the job's checkpoints; one per job, for ever
     * @param parallelism of every operator
     * @param graph builds the job into the environment
     */
    public RunningJob submit(
            String name, int parallelism, Consumer<StreamExecutionEnvironment> graph) {
        Path checkpoints = directory.resolve("checkpoints").resolve(name);
        try {
            Files.createDirectories(checkpoints);
            StreamExecutionEnvironment env =
                    StreamExecutionEnvironment.getExecutionEnvironment(
                            jobConfiguration(checkpoints, parallelism));
            graph.accept(env);
            JobGraph job = env.getStreamGraph().getJobGraph();
            Optional<Path> latest = LatestCheckpoint.below(checkpoints);
            latest.ifPresent(
                    checkpoint ->
                            job.setSavepointRestoreSettings(
                                    SavepointRestoreSettings.forPath(
                                            text(checkpoint), false, RecoveryClaimMode.CLAIM)));
            LOG.info("Job {} starts from {}", name, latest.map(Path::toString).orElse("scratch"));
            cluster.submitJob(job).get(60, TimeUnit.SECONDS);
            return new RunningJob(job.getJobID());
        } catch (IOException | InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Job " + name + " cannot be started", e);
        }
    }

    private Configuration jobConfiguration(Path checkpoints, int parallelism) {
        Configuration job = new Configuration(configuration);
        job.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        job.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        job.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        job.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(5));
        job.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, text(checkpoints));
        job.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        job.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        job.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
                Duration.ofSeconds(30));
        return job;
    }

    /** As Flink reads it: it takes the escapes of a URI's text for letters of the path. */
    private static String text(Path path) {
        return new org.apache.flink.core.fs.Path(path.toUri()).toString();
    }

    /** A job of this cluster. */
    public final class RunningJob {
        private final JobID id;

        private RunningJob(JobID id) {
            this.id = id;
        }

        /** Whether every task runs. */
        public boolean isRunning() {
            try {
                return cluster.getExecutionGraph(id).get(5, TimeUnit.SECONDS).getState()
                                == JobStatus.RUNNING
                        && allTasksRun();
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                return false;
            }
        }

        private boolean allTasksRun()
                throws InterruptedException, ExecutionException, TimeoutException {
            for (var vertex :
                    cluster.getExecutionGraph(id)
                            .get(5, TimeUnit.SECONDS)
                            .getAllExecutionVertices()) {
                if (vertex.getExecutionState()
                        != org.apache.flink.runtime.execution.ExecutionState.RUNNING) {
                    return false;
                }
            }
            return true;
        }

        /** Takes a last checkpoint, so that the next start repeats nothing, and cancels. */
        void stop() {
            try {
                cluster.triggerCheckpoint(id, CheckpointType.DEFAULT).get(10, TimeUnit.SECONDS);
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                LOG.info("No last checkpoint; the next start repeats a few seconds of events.");
            }
            try {
                cluster.cancelJob(id).get(10, TimeUnit.SECONDS);
                cluster.requestJobResult(id).get(10, TimeUnit.SECONDS);
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                LOG.info("Job {} did not end in time and ends with the cluster.", id);
            }
        }
    }

    /** Stops a job cleanly. */
    public void stop(RunningJob job) {
        job.stop();
    }

    @Override
    public void close() {
        try {
            cluster.closeAsync().get(CLOSE_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            LOG.warn("Flink did not stop within {} s.", CLOSE_TIMEOUT.toSeconds());
        }
    }
}
