package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.serialization.VersionedSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Form of {@link Backlog} in state. */
public final class BacklogSerializer extends VersionedSerializer<Backlog> {

    @Override
    protected int format() {
        return 1;
    }

    @Override
    protected void write(Backlog backlog, DataOutputView out) throws IOException {
        out.writeLong(backlog.first());
        out.writeLong(backlog.end());
        out.writeInt(backlog.failures());
        out.writeLong(backlog.aloneBefore());
    }

    @Override
    protected Backlog read(int format, DataInputView in) throws IOException {
        return new Backlog(in.readLong(), in.readLong(), in.readInt(), in.readLong());
    }

    @Override
    public TypeSerializerSnapshot<Backlog> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Backlog> {
        public Snapshot() {
            super(BacklogSerializer::new);
        }
    }
}
