package io.webhookdb.jobs.plumbing;

import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Settings of Flink that all jobs share. */
public final class JobEnvironment {
    /**
     * Key groups, that is the largest parallelism there can ever be: state cannot move to another
     * number. 128 subtasks are far more than one deployment's Kafka and databases keep busy, and
     * few enough that a small deployment does not pay for empty groups.
     */
    private static final int MAX_PARALLELISM = 128;

    /**
     * Buffer timeout of a shuffle somebody waits behind: none, so each record is handed on at once.
     * Under load that costs nothing, since a busy receiver takes all there is with one look. Any
     * other value has a thread per task wake as often: at 5 ms those took 20 µs of every event.
     * Flink's default, 100 ms, stays where nobody waits.
     */
    public static final long QUICK_MILLIS = 0;

    private JobEnvironment() {}

    /** For a job of its own; what the cluster's configuration says counts more. */
    public static StreamExecutionEnvironment production() {
        Configuration defaults = new Configuration();
        defaults.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        defaults.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        defaults.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        return StreamExecutionEnvironment.getExecutionEnvironment(defaults);
    }

    /**
     * Sets what no deployment may choose.
     *
     * @param checkpointInterval where the environment sets none
     */
    public static void fix(StreamExecutionEnvironment env, Duration checkpointInterval) {
        Configuration fixed = new Configuration();
        fixed.set(PipelineOptions.GENERIC_TYPES, false);
        // An operator without an id of ours would lose its state with the next change of the graph.
        fixed.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        fixed.set(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM);
        env.configure(fixed);
        if (!env.getCheckpointConfig().isCheckpointingEnabled()) {
            env.enableCheckpointing(checkpointInterval.toMillis());
        }
    }

    /**
     * Sets what no deployment may choose, for a job whose subtasks must agree on control at every
     * barrier: its barriers never overtake a record.
     *
     * @param checkpointInterval where the environment sets none
     */
    public static void fixAligned(StreamExecutionEnvironment env, Duration checkpointInterval) {
        fix(env, checkpointInterval);
        Configuration fixed = new Configuration();
        fixed.set(CheckpointingOptions.ENABLE_UNALIGNED, false);
        env.configure(fixed);
    }
}
