package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.serialization.Fields;
import io.webhookdb.connectors.serialization.VersionedSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Form of {@link SyncInput} between operators. */
public final class SyncInputSerializer extends VersionedSerializer<SyncInput> {

    @Override
    protected int format() {
        return SyncRowForm.FORMAT;
    }

    @Override
    protected void write(SyncInput input, DataOutputView out) throws IOException {
        Fields.writeText(input.target(), out);
        out.writeInt(input.shard());
        out.writeInt(input.router());
        out.writeInt(input.routers());
        out.writeBoolean(input.row() != null);
        if (input.row() != null) {
            SyncRowForm.write(input.row(), out);
        }
    }

    @Override
    protected SyncInput read(int format, DataInputView in) throws IOException {
        String target = Fields.readText(in);
        int shard = in.readInt();
        int router = in.readInt();
        int routers = in.readInt();
        SyncRow row = in.readBoolean() ? SyncRowForm.read(format, in) : null;
        return new SyncInput(target, shard, row, router, routers);
    }

    @Override
    public TypeSerializerSnapshot<SyncInput> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<SyncInput> {
        public Snapshot() {
            super(SyncInputSerializer::new);
        }
    }
}
