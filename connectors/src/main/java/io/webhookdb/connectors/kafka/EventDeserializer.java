package io.webhookdb.connectors.kafka;

import io.webhookdb.schemas.event.EventHeaders;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Reads events; a malformed record becomes an element with a defect, never an exception. */
public final class EventDeserializer implements KafkaRecordDeserializationSchema<IncomingEvent> {

    @Override
    public void deserialize(
            ConsumerRecord<byte[], byte[]> record, Collector<IncomingEvent> collector) {
        collector.collect(read(record));
    }

    static IncomingEvent read(ConsumerRecord<byte[], byte[]> record) {
        EventHeaders.Reader reader = new EventHeaders.Reader();
        for (Header header : record.headers()) {
            reader.header(header.key(), header.value());
        }
        try {
            return new IncomingEvent(
                    reader.event(record.value()),
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    null);
        } catch (IllegalArgumentException e) {
            return new IncomingEvent(
                    null, record.topic(), record.partition(), record.offset(), e.getMessage());
        }
    }

    @Override
    public TypeInformation<IncomingEvent> getProducedType() {
        return IncomingEvent.TYPE;
    }
}
