package io.webhookdb.connectors.control;

import io.webhookdb.schemas.Topics;
import io.webhookdb.security.kafka.KafkaAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the control topic from its beginning to the end it has now, with a consumer of its own.
 *
 * @param kafka where the log is
 * @param limit longest time this may take
 */
public record KafkaControlBootstrap(KafkaAccess kafka, Duration limit) implements ControlBootstrap {

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if Kafka does not answer in time
     */
    @Override
    public List<byte[]> read() {
        List<byte[]> records = new ArrayList<>();
        TopicPartition partition = new TopicPartition(Topics.CONTROL, 0);
        long deadline = System.nanoTime() + limit.toNanos();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition), limit).get(partition);
            while (consumer.position(partition, limit) < end) {
                if (System.nanoTime() > deadline) {
                    throw late(null);
                }
                for (ConsumerRecord<byte[], byte[]> record :
                        consumer.poll(Duration.ofMillis(200))) {
                    ControlDeserializer.read(record)
                            .ifPresent(known -> records.add(record.value()));
                }
            }
            return records;
        } catch (KafkaException e) {
            throw late(e);
        }
    }

    private IllegalStateException late(KafkaException cause) {
        return new IllegalStateException(
                "Kafka at "
                        + kafka.bootstrapServers()
                        + " did not deliver "
                        + Topics.CONTROL
                        + " to its end within "
                        + limit
                        + ".",
                cause);
    }

    private Map<String, Object> properties() {
        return kafka.client(
                Map.of(
                        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                        ByteArrayDeserializer.class,
                        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                        ByteArrayDeserializer.class,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false));
    }
}
