package io.webhookdb.jobs.sync;

import io.webhookdb.jobs.RunningJob;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A sync job on the MiniCluster of the test. */
final class TestingSyncJob extends RunningJob {
    private TestingSyncJob(JobClient client) {
        super(client);
    }

    static TestingSyncJob start(
            SyncJobSettings settings, Path directory, String savepoint, int parallelism)
            throws Exception {
        return start(settings, configuration(directory, savepoint, parallelism));
    }

    /** One that goes on from its last checkpoint whenever it fails. */
    static TestingSyncJob startResilient(SyncJobSettings settings, Path directory, int parallelism)
            throws Exception {
        Configuration configuration = configuration(directory, null, parallelism);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
        return start(settings, configuration);
    }

    private static TestingSyncJob start(SyncJobSettings settings, Configuration configuration)
            throws Exception {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        SyncJob.build(env, settings);
        return new TestingSyncJob(env.executeAsync("sync"));
    }
}
