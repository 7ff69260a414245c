package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.serialization.VersionedSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Form of {@link PendingRow} in state. */
public final class PendingRowSerializer extends VersionedSerializer<PendingRow> {

    @Override
    protected int format() {
        return SyncRowForm.FORMAT;
    }

    @Override
    protected void write(PendingRow pending, DataOutputView out) throws IOException {
        out.writeLong(pending.sequence());
        SyncRowForm.write(pending.row(), out);
    }

    @Override
    protected PendingRow read(int format, DataInputView in) throws IOException {
        return new PendingRow(in.readLong(), SyncRowForm.read(format, in));
    }

    @Override
    public TypeSerializerSnapshot<PendingRow> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<PendingRow> {
        public Snapshot() {
            super(PendingRowSerializer::new);
        }
    }
}
