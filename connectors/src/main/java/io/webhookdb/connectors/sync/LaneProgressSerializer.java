package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.serialization.Fields;
import io.webhookdb.connectors.serialization.VersionedSerializer;
import io.webhookdb.connectors.sync.LaneProgress.Existing;
import io.webhookdb.connectors.sync.LaneProgress.Phase;
import io.webhookdb.connectors.sync.LaneProgress.Queue;
import io.webhookdb.connectors.sync.LaneProgress.Round;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Form of {@link LaneProgress} in state. */
public final class LaneProgressSerializer extends VersionedSerializer<LaneProgress> {

    @Override
    protected int format() {
        return 1;
    }

    @Override
    protected void write(LaneProgress progress, DataOutputView out) throws IOException {
        out.writeLong(progress.queue().head());
        out.writeLong(progress.queue().tail());
        out.writeLong(progress.queue().rows());
        Fields.writeText(progress.existing().phase().name(), out);
        Fields.writeText(progress.existing().generation(), out);
        out.writeLong(progress.existing().cursor());
        out.writeInt(progress.existing().routers().size());
        for (int router : progress.existing().routers()) {
            out.writeInt(router);
        }
        out.writeLong(progress.round().startedAt());
        out.writeLong(progress.round().end());
        out.writeLong(progress.round().triggers());
    }

    @Override
    protected LaneProgress read(int format, DataInputView in) throws IOException {
        Queue queue = new Queue(in.readLong(), in.readLong(), in.readLong());
        Phase phase = Phase.valueOf(Fields.readText(in));
        String generation = Fields.readText(in);
        long cursor = in.readLong();
        int count = in.readInt();
        Set<Integer> routers = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            routers.add(in.readInt());
        }
        return new LaneProgress(
                queue,
                new Existing(phase, generation, cursor, routers),
                new Round(in.readLong(), in.readLong(), in.readLong()));
    }

    @Override
    public TypeSerializerSnapshot<LaneProgress> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<LaneProgress> {
        public Snapshot() {
            super(LaneProgressSerializer::new);
        }
    }
}
