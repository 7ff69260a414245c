package io.webhookdb.jobs.replication;

import io.webhookdb.jobs.RunningJob;
import java.nio.file.Path;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A replication job on the MiniCluster of the test. */
final class TestingJob extends RunningJob {
    private TestingJob(JobClient client) {
        super(client);
    }

    static TestingJob start(ReplicationJobSettings settings, Path directory) throws Exception {
        return start(settings, directory, null, 2);
    }

    static TestingJob start(
            ReplicationJobSettings settings, Path directory, String savepoint, int parallelism)
            throws Exception {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(
                        configuration(directory, savepoint, parallelism));
        ReplicationJob.build(env, settings);
        return new TestingJob(env.executeAsync("replication"));
    }
}
