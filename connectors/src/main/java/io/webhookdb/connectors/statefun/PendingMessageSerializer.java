package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.serialization.Fields;
import io.webhookdb.connectors.serialization.VersionedSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Form of {@link PendingMessage} in state. */
public final class PendingMessageSerializer extends VersionedSerializer<PendingMessage> {

    @Override
    protected int format() {
        return 1;
    }

    @Override
    protected void write(PendingMessage message, DataOutputView out) throws IOException {
        Fields.writeText(message.payloadType(), out);
        Fields.writeBytes(message.payload(), out);
        out.writeBoolean(message.fromItself());
    }

    @Override
    protected PendingMessage read(int format, DataInputView in) throws IOException {
        return new PendingMessage(Fields.readText(in), Fields.readBytes(in), in.readBoolean());
    }

    @Override
    public TypeSerializerSnapshot<PendingMessage> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<PendingMessage> {
        public Snapshot() {
            super(PendingMessageSerializer::new);
        }
    }
}
