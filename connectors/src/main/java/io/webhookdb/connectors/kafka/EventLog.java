package io.webhookdb.connectors.kafka;

import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventHeaders;
import io.webhookdb.security.kafka.KafkaAccess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Single events of the log. Clients live for one call: this is for what happens rarely.
 *
 * @param kafka where the log is
 * @param limit how long a call may take
 */
public record EventLog(KafkaAccess kafka, Duration limit) {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int LARGEST = 22 * 1024 * 1024;

    /**
     * Appends an event once more, to be processed again, on the lane it came from.
     *
     * @return false if the log does not hold it any more, or holds no readable event there
     * @throws KafkaException if Kafka does not answer within the limit
     */
    public boolean repeat(String topic, int partition, long offset) {
        Optional<Event> event = read(new TopicPartition(topic, partition), offset);
        event.ifPresent(found -> append(found.repeated(found.verification())));
        return event.isPresent();
    }

    private Optional<Event> read(TopicPartition partition, long offset) {
        long deadline = System.nanoTime() + limit.toNanos();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(reading())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, offset);
            while (System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    return record.offset() == offset
                            ? Optional.ofNullable(EventDeserializer.read(record).event())
                            : Optional.empty();
                }
            }
        } catch (OffsetOutOfRangeException e) {
            return Optional.empty();
        }
        throw new KafkaException(
                "Kafka did not deliver offset " + offset + " of " + partition + " within " + limit);
    }

    private void append(Event event) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(event.origin().topic(), event.body());
        EventHeaders.write(event, (name, value) -> record.headers().add(name, value));
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        writing(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw new KafkaException("Kafka did not take a repeated event", e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private Map<String, Object> reading() {
        return kafka.client(
                Map.of(
                        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                        ByteArrayDeserializer.class,
                        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                        ByteArrayDeserializer.class,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        1,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        // The first record comes however large it is, and no other is wanted.
                        1,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false));
    }

    private Map<String, Object> writing() {
        return kafka.client(
                Map.of(
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        Math.toIntExact(limit.toMillis()),
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        LARGEST));
    }
}
