package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.serialization.Fields;
import io.webhookdb.connectors.serialization.VersionedSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Form of {@link DelayedMessage} in state. */
public final class DelayedMessageSerializer extends VersionedSerializer<DelayedMessage> {

    @Override
    protected int format() {
        return 1;
    }

    @Override
    protected void write(DelayedMessage delayed, DataOutputView out) throws IOException {
        out.writeLong(delayed.dueAt());
        Fields.writeText(delayed.token(), out);
        Fields.writeText(delayed.payloadType(), out);
        Fields.writeBytes(delayed.payload(), out);
    }

    @Override
    protected DelayedMessage read(int format, DataInputView in) throws IOException {
        return new DelayedMessage(
                in.readLong(), Fields.readText(in), Fields.readText(in), Fields.readBytes(in));
    }

    @Override
    public TypeSerializerSnapshot<DelayedMessage> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<DelayedMessage> {
        public Snapshot() {
            super(DelayedMessageSerializer::new);
        }
    }
}
