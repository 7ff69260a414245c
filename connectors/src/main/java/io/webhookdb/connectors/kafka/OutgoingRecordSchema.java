package io.webhookdb.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends {@link OutgoingRecord}s to one topic, partitioned by their key. */
public record OutgoingRecordSchema(String topic)
        implements KafkaRecordSerializationSchema<OutgoingRecord> {

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            OutgoingRecord record, KafkaSinkContext context, Long timestamp) {
        ProducerRecord<byte[], byte[]> sent =
                new ProducerRecord<>(topic, record.key(), record.value());
        if (record.trace() != null) {
            record.trace()
                    .headers((name, value) -> sent.headers().add(name, value.getBytes(UTF_8)));
        }
        return sent;
    }
}
