package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.serialization.Fields;
import io.webhookdb.connectors.serialization.VersionedSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Form of {@link FunctionMessage} between operators. */
public final class FunctionMessageSerializer extends VersionedSerializer<FunctionMessage> {

    @Override
    protected int format() {
        return 1;
    }

    @Override
    protected void write(FunctionMessage message, DataOutputView out) throws IOException {
        Fields.writeText(message.typename(), out);
        Fields.writeText(message.id(), out);
        Fields.writeText(message.payloadType(), out);
        Fields.writeBytes(message.payload(), out);
    }

    @Override
    protected FunctionMessage read(int format, DataInputView in) throws IOException {
        return new FunctionMessage(
                Fields.readText(in),
                Fields.readText(in),
                Fields.readText(in),
                Fields.readBytes(in));
    }

    @Override
    public TypeSerializerSnapshot<FunctionMessage> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<FunctionMessage> {
        public Snapshot() {
            super(FunctionMessageSerializer::new);
        }
    }
}
