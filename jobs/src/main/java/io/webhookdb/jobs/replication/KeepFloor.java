package io.webhookdb.jobs.replication;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.admin.Admin;

/**
 * Stores the {@link Floor} at every checkpoint, as part of it: the source commits the offsets of a
 * checkpoint after it is complete, so they are never past events of which only lost state knew.
 *
 * <p>Runs once. Every subtask of the writer says before each barrier when the oldest event was
 * received that it has not settled.
 */
final class KeepFloor extends ProcessFunction<Tuple2<Integer, Long>, Void>
        implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private final Floor floor;
    private final List<String> topics;
    private final long leastAgeMillis;
    private transient Map<Integer, Long> oldest;
    private transient Admin admin;

    /**
     * @param leastAge what was received later than this ago counts as unsettled: events are held
     *     elsewhere in the job, too
     */
    KeepFloor(Floor floor, List<String> topics, Duration leastAge) {
        this.floor = floor;
        this.topics = List.copyOf(topics);
        this.leastAgeMillis = leastAge.toMillis();
    }

    @Override
    public void initializeState(FunctionInitializationContext context) {
        oldest = new HashMap<>();
    }

    @Override
    public void open(OpenContext context) {
        admin = floor.client();
    }

    @Override
    public void processElement(
            Tuple2<Integer, Long> receivedAtMicros, Context context, Collector<Void> out) {
        oldest.put(receivedAtMicros.f0, receivedAtMicros.f1);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
        long least = System.currentTimeMillis() - leastAgeMillis;
        for (long micros : oldest.values()) {
            least = Math.min(least, TimeUnit.MICROSECONDS.toMillis(micros));
        }
        floor.raise(admin, topics, Math.max(0, least));
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close(Duration.ofSeconds(1));
        }
    }
}
