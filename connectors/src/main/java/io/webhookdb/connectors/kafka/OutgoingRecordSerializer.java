package io.webhookdb.connectors.kafka;

import io.webhookdb.connectors.serialization.Fields;
import io.webhookdb.connectors.serialization.TraceFields;
import io.webhookdb.connectors.serialization.VersionedSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Form of {@link OutgoingRecord} between operators. */
public final class OutgoingRecordSerializer extends VersionedSerializer<OutgoingRecord> {

    @Override
    protected int format() {
        return 2;
    }

    @Override
    protected void write(OutgoingRecord record, DataOutputView out) throws IOException {
        Fields.writeBytes(record.key(), out);
        Fields.writeBytes(record.value(), out);
        TraceFields.write(record.trace(), out);
    }

    @Override
    protected OutgoingRecord read(int format, DataInputView in) throws IOException {
        return new OutgoingRecord(
                Fields.readBytes(in),
                Fields.readBytes(in),
                format < 2 ? null : TraceFields.read(in));
    }

    @Override
    public TypeSerializerSnapshot<OutgoingRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<OutgoingRecord> {
        public Snapshot() {
            super(OutgoingRecordSerializer::new);
        }
    }
}
