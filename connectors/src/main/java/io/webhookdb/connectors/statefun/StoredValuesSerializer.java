package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.serialization.Fields;
import io.webhookdb.connectors.serialization.VersionedSerializer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Form of {@link StoredValues} in state. */
public final class StoredValuesSerializer extends VersionedSerializer<StoredValues> {

    @Override
    protected int format() {
        return 1;
    }

    @Override
    protected void write(StoredValues values, DataOutputView out) throws IOException {
        out.writeInt(values.byName().size());
        for (Map.Entry<String, StoredValue> entry : values.byName().entrySet()) {
            Fields.writeText(entry.getKey(), out);
            Fields.writeText(entry.getValue().type(), out);
            Fields.writeBytes(entry.getValue().value(), out);
            out.writeLong(entry.getValue().expiresAt());
        }
    }

    @Override
    protected StoredValues read(int format, DataInputView in) throws IOException {
        int count = in.readInt();
        Map<String, StoredValue> byName = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            byName.put(
                    Fields.readText(in),
                    new StoredValue(Fields.readText(in), Fields.readBytes(in), in.readLong()));
        }
        return new StoredValues(byName);
    }

    @Override
    public TypeSerializerSnapshot<StoredValues> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<StoredValues> {
        public Snapshot() {
            super(StoredValuesSerializer::new);
        }
    }
}
