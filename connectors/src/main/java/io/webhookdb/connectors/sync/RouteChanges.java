package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.control.BroadcastControl;
import io.webhookdb.connectors.kafka.AnnouncedChange;
import io.webhookdb.schemas.change.RowChange;
import io.webhookdb.schemas.control.ControlRecord;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.BroadcastProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Sends each change to the lanes of its table's sync targets.
 *
 * <p>A router that learns of a target, or of an integration for a target that takes them all, tells
 * all its lanes. What it let pass before was visible in the database before; so once all routers
 * have told, the lanes read the existing rows and nothing falls between. This holds across
 * checkpoints because those are aligned: control is broadcast, so at a barrier either all routers
 * know a target and have told, or none does.
 */
public final class RouteChanges extends BroadcastProcessFunction<byte[], byte[], SyncInput>
        implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private final int shards;
    private transient BroadcastControl control;
    private transient TargetIndex index;
    private transient Counter malformed;
    private transient int router;
    private transient int routers;

    /**
     * @param shards lanes per target, where it does not say how many
     */
    public RouteChanges(int shards) {
        this.shards = shards;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        control =
                BroadcastControl.over(
                        context.getOperatorStateStore().getBroadcastState(BroadcastControl.STATE));
        index = new TargetIndex();
        control.directory().records().forEach(index::apply);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
        // Control lies in broadcast state already.
    }

    @Override
    public void open(OpenContext context) {
        malformed = getRuntimeContext().getMetricGroup().counter("malformedChanges");
        router = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        routers = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
    }

    @Override
    public void processElement(byte[] bytes, ReadOnlyContext context, Collector<SyncInput> out) {
        try {
            AnnouncedChange announced = AnnouncedChange.read(bytes);
            RowChange change = RowChangeReader.change(announced.json());
            Set<String> targets = index.targets(change.integration());
            if (targets.isEmpty()) {
                return;
            }
            SyncRow row = RowChangeReader.row(change).in(announced.trace());
            for (String target : targets) {
                long count = LaneTarget.count(target, shards);
                int shard = (int) Math.floorMod(change.pk(), count);
                out.collect(new SyncInput(target, shard, row, router, routers));
            }
        } catch (IOException e) {
            // Written by no release of ours; there is no row to settle.
            malformed.inc();
        }
    }

    @Override
    public void processBroadcastElement(byte[] json, Context context, Collector<SyncInput> out)
            throws Exception {
        Optional<ControlRecord> record = control.apply(json);
        if (record.isEmpty()) {
            return;
        }
        for (String target : index.apply(record.get())) {
            for (int shard = 0; shard < LaneTarget.count(target, shards); shard++) {
                out.collect(new SyncInput(target, shard, null, router, routers));
            }
        }
    }
}
