package io.webhookdb.controlplane.events;

import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventHeaders;
import io.webhookdb.security.kafka.KafkaAccess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads single stored requests. For one thread. */
public final class StoredEvents implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;

    public StoredEvents(KafkaAccess kafka) {
        this.consumer =
                new KafkaConsumer<>(
                        configuration(kafka),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
    }

    /** Where a record lies. */
    public record Place(String topic, int partition, long offset) {}

    /**
     * The event there; empty if it is gone, or is no event.
     *
     * @throws org.apache.kafka.common.KafkaException if Kafka does not answer
     */
    public Optional<Event> read(Place place) {
        TopicPartition partition = new TopicPartition(place.topic(), place.partition());
        consumer.assign(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        if (place.offset() >= end) {
            return Optional.empty();
        }
        consumer.seek(partition, place.offset());
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                List<ConsumerRecord<byte[], byte[]>> records =
                        consumer.poll(POLL).records(partition);
                if (!records.isEmpty()) {
                    ConsumerRecord<byte[], byte[]> first = records.get(0);
                    return first.offset() == place.offset() ? event(first) : Optional.empty();
                }
            } catch (OffsetOutOfRangeException e) {
                return Optional.empty();
            }
        }
        throw new org.apache.kafka.common.errors.TimeoutException(
                "No record of " + place + " came within " + LIMIT);
    }

    /** The event of a record; empty if its headers are no event's. */
    public static Optional<Event> event(ConsumerRecord<byte[], byte[]> record) {
        EventHeaders.Reader reader = new EventHeaders.Reader();
        for (Header header : record.headers()) {
            reader.header(header.key(), header.value());
        }
        try {
            return Optional.of(reader.event(record.value()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        consumer.close();
    }

    private static Map<String, Object> configuration(KafkaAccess kafka) {
        return kafka.client(
                Map.of(
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        "webhookdb-stored-events",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        1,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        5_000));
    }
}
