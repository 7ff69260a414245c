package io.webhookdb.connectors.kafka;

import io.webhookdb.connectors.serialization.Fields;
import io.webhookdb.connectors.serialization.VersionedSerializer;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.Origin;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Form of {@link IncomingEvent} between operators and in the state of held events. */
public final class IncomingEventSerializer extends VersionedSerializer<IncomingEvent> {

    @Override
    protected int format() {
        return 1;
    }

    @Override
    protected void write(IncomingEvent incoming, DataOutputView out) throws IOException {
        Fields.writeText(incoming.topic(), out);
        out.writeInt(incoming.partition());
        out.writeLong(incoming.offset());
        Fields.writeText(incoming.defect(), out);
        out.writeBoolean(incoming.event() != null);
        if (incoming.event() != null) {
            writeEvent(incoming.event(), out);
        }
    }

    @Override
    protected IncomingEvent read(int format, DataInputView in) throws IOException {
        String topic = Fields.readText(in);
        int partition = in.readInt();
        long offset = in.readLong();
        String defect = Fields.readText(in);
        Event event = in.readBoolean() ? readEvent(in) : null;
        return new IncomingEvent(event, topic, partition, offset, defect);
    }

    private static void writeEvent(Event event, DataOutputView out) throws IOException {
        Fields.writeUuid(event.id(), out);
        Fields.writeText(event.integration(), out);
        out.writeLong(event.integrationRevision());
        out.writeLong(event.receivedAtMicros());
        Fields.writeText(event.origin().word(), out);
        Fields.writeText(event.method(), out);
        Fields.writeText(event.path(), out);
        Fields.writeText(event.query(), out);
        Fields.writeText(event.contentType(), out);
        out.writeInt(event.headers().size());
        for (Map.Entry<String, String> header : event.headers().entrySet()) {
            Fields.writeText(header.getKey(), out);
            Fields.writeText(header.getValue(), out);
        }
        Fields.writeText(event.verification(), out);
        Fields.writeBytes(event.body(), out);
    }

    private static Event readEvent(DataInputView in) throws IOException {
        return new Event(
                Fields.readUuid(in),
                Fields.readText(in),
                in.readLong(),
                in.readLong(),
                Origin.of(Fields.readText(in)),
                Fields.readText(in),
                Fields.readText(in),
                Fields.readText(in),
                Fields.readText(in),
                readHeaders(in),
                Fields.readText(in),
                Fields.readBytes(in));
    }

    private static Map<String, String> readHeaders(DataInputView in) throws IOException {
        int count = in.readInt();
        Map<String, String> headers = new HashMap<>();
        for (int i = 0; i < count; i++) {
            headers.put(Fields.readText(in), Fields.readText(in));
        }
        return headers;
    }

    @Override
    public TypeSerializerSnapshot<IncomingEvent> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<IncomingEvent> {
        public Snapshot() {
            super(IncomingEventSerializer::new);
        }
    }
}
