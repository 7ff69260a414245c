package io.webhookdb.connectors.kafka;

import io.webhookdb.schemas.event.EventHeaders;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends events to one topic in the form every event topic has. Not keyed. */
public record EventRecordSchema(String topic)
        implements KafkaRecordSerializationSchema<IncomingEvent> {

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            IncomingEvent incoming, KafkaSinkContext context, Long timestamp) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, incoming.event().body());
        EventHeaders.write(incoming.event(), (name, value) -> record.headers().add(name, value));
        return record;
    }
}
