package io.webhookdb.jobs.replication;

import io.webhookdb.connectors.serialization.Fields;
import io.webhookdb.connectors.serialization.VersionedSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Form of {@link LogPlace} between operators and in state. */
public final class LogPlaceSerializer extends VersionedSerializer<LogPlace> {

    @Override
    protected int format() {
        return 1;
    }

    @Override
    protected void write(LogPlace place, DataOutputView out) throws IOException {
        writeNullable(place, out);
    }

    @Override
    protected LogPlace read(int format, DataInputView in) throws IOException {
        return readNullable(in);
    }

    /** A place within another form; null is written, too. */
    static void writeNullable(LogPlace place, DataOutputView out) throws IOException {
        Fields.writeText(place == null ? null : place.topic(), out);
        if (place != null) {
            out.writeInt(place.partition());
            out.writeLong(place.offset());
        }
    }

    /** What {@link #writeNullable} wrote. */
    static LogPlace readNullable(DataInputView in) throws IOException {
        String topic = Fields.readText(in);
        return topic == null ? null : new LogPlace(topic, in.readInt(), in.readLong());
    }

    @Override
    public TypeSerializerSnapshot<LogPlace> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<LogPlace> {
        public Snapshot() {
            super(LogPlaceSerializer::new);
        }
    }
}
