package io.webhookdb.connectors.kafka;

import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends {@link OutgoingRecord}s to one topic, partitioned by their key. */
public record OutgoingRecordSchema(String topic)
        implements KafkaRecordSerializationSchema<OutgoingRecord> {

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            OutgoingRecord record, KafkaSinkContext context, Long timestamp) {
        return new ProducerRecord<>(topic, record.key(), record.value());
    }
}
