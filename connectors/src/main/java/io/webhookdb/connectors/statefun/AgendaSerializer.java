package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.serialization.VersionedSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Form of {@link Agenda} in state. */
public final class AgendaSerializer extends VersionedSerializer<Agenda> {

    @Override
    protected int format() {
        return 1;
    }

    @Override
    protected void write(Agenda agenda, DataOutputView out) throws IOException {
        out.writeLong(agenda.next());
        out.writeInt(agenda.delayed());
        out.writeLong(agenda.sweepAt());
    }

    @Override
    protected Agenda read(int format, DataInputView in) throws IOException {
        return new Agenda(in.readLong(), in.readInt(), in.readLong());
    }

    @Override
    public TypeSerializerSnapshot<Agenda> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Agenda> {
        public Snapshot() {
            super(AgendaSerializer::new);
        }
    }
}
