package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.serialization.Fields;
import io.webhookdb.connectors.serialization.VersionedSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Form of {@link StoredValue} in state. */
public final class StoredValueSerializer extends VersionedSerializer<StoredValue> {

    @Override
    protected int format() {
        return 1;
    }

    @Override
    protected void write(StoredValue value, DataOutputView out) throws IOException {
        Fields.writeText(value.type(), out);
        Fields.writeBytes(value.value(), out);
        out.writeLong(value.expiresAt());
    }

    @Override
    protected StoredValue read(int format, DataInputView in) throws IOException {
        return new StoredValue(Fields.readText(in), Fields.readBytes(in), in.readLong());
    }

    @Override
    public TypeSerializerSnapshot<StoredValue> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<StoredValue> {
        public Snapshot() {
            super(StoredValueSerializer::new);
        }
    }
}
