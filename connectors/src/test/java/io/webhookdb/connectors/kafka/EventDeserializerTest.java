package io.webhookdb.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventHeaders;
import io.webhookdb.schemas.event.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class EventDeserializerTest {
    private final Event event =
            new Event(
                    new UUID(1, 2),
                    "svi_1",
                    3,
                    4,
                    Origin.WEBHOOK,
                    "POST",
                    "/path",
                    "a=b",
                    "application/json",
                    Map.of("x-one", "1", "x-two", "\u00e9"),
                    "verified",
                    "{}".getBytes(UTF_8));

    @Test
    void readsAnEventAndWhereItLies() {
        IncomingEvent incoming = read(record(event));
        assertThat(incoming.event()).usingRecursiveComparison().isEqualTo(event);
        assertThat(incoming.topic()).isEqualTo("topic");
        assertThat(incoming.partition()).isEqualTo(5);
        assertThat(incoming.offset()).isEqualTo(6);
        assertThat(incoming.defect()).isNull();
    }

    @Test
    void turnsAMalformedRecordIntoAnElementThatSaysWhatIsWrong() {
        IncomingEvent incoming = read(new ConsumerRecord<>("topic", 5, 6, null, new byte[0]));
        assertThat(incoming.event()).isNull();
        assertThat(incoming.defect()).isEqualTo("Event header \"id\" is missing.");
        assertThat(incoming.offset()).isEqualTo(6);
    }

    @Test
    void readsAnEventWithoutABody() {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("topic", 5, 6, null, null);
        EventHeaders.write(event, (name, value) -> record.headers().add(name, value));
        assertThat(read(record).event().body()).isEmpty();
    }

    @Test
    void survivesItsOwnSerializer() throws IOException {
        IncomingEventSerializer serializer = new IncomingEventSerializer();
        for (IncomingEvent incoming :
                List.of(
                        read(record(event)),
                        read(new ConsumerRecord<>("topic", 5, 6, null, new byte[0])))) {
            DataOutputSerializer out = new DataOutputSerializer(64);
            serializer.serialize(incoming, out);
            DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
            assertThat(serializer.deserialize(in)).usingRecursiveComparison().isEqualTo(incoming);
            assertThat(in.available()).isZero();
        }
    }

    private static ConsumerRecord<byte[], byte[]> record(Event event) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>("topic", 5, 6, null, event.body());
        EventHeaders.write(event, (name, value) -> record.headers().add(name, value));
        return record;
    }

    private static IncomingEvent read(ConsumerRecord<byte[], byte[]> record) {
        List<IncomingEvent> read = new ArrayList<>();
        new EventDeserializer().deserialize(record, new ListCollector<>(read));
        assertThat(read).hasSize(1);
        return read.get(0);
    }
}
