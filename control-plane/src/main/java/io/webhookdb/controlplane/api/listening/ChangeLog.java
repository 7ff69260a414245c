package io.webhookdb.controlplane.api.listening;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.schemas.Topics;
import io.webhookdb.security.kafka.KafkaAccess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** One listener's reading of the change log. Not thread-safe. */
final class ChangeLog implements AutoCloseable {
    private static final int AT_ONCE = 100;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<Integer, Long> next = new TreeMap<>();

    /** Begins at the end. */
    ChangeLog(KafkaAccess kafka) {
        consumer =
                new KafkaConsumer<>(
                        kafka.client(
                                Map.of(
                                        "client.id",
                                        "api-listener",
                                        "enable.auto.commit",
                                        "false",
                                        "auto.offset.reset",
                                        "earliest",
                                        "max.poll.records",
                                        Integer.toString(AT_ONCE),
                                        "max.partition.fetch.bytes",
                                        Integer.toString(256 << 10),
                                        "fetch.max.bytes",
                                        Integer.toString(4 << 20),
                                        "default.api.timeout.ms",
                                        "10000")),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        List<TopicPartition> partitions =
                consumer.partitionsFor(Topics.CHANGES).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(one -> next.put(one.partition(), consumer.position(one)));
    }

    /** Goes to where a cursor is; partitions it does not name begin at the end. */
    void goTo(ChangeCursor cursor) {
        cursor.next()
                .forEach(
                        (partition, offset) -> {
                            if (next.containsKey(partition)) {
                                consumer.seek(partition(partition), offset);
                                next.put(partition, offset);
                            }
                        });
    }

    /** What comes first after the last record that was {@link #passed}. */
    ChangeCursor cursor() {
        return new ChangeCursor(next);
    }

    /** What was written since, of everyone; empty after a while without. */
    Iterable<ConsumerRecord<byte[], byte[]>> read(Duration wait) {
        return consumer.poll(wait);
    }

    /** Notes that a record was dealt with. */
    void passed(ConsumerRecord<byte[], byte[]> record) {
        next.put(record.partition(), record.offset() + 1);
    }

    /** Whether a record's key begins so: organization, slash, integration, slash, row. */
    static boolean isOf(ConsumerRecord<byte[], byte[]> record, String scope) {
        return record.value() != null
                && record.key() != null
                && new String(record.key(), UTF_8).startsWith(scope);
    }

    private static TopicPartition partition(int number) {
        return new TopicPartition(Topics.CHANGES, number);
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
