package io.webhookdb.jobs.delivery;

import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.control.RecoveryControl;
import io.webhookdb.security.kafka.KafkaAccess;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads windows of the change log, a little at a time. Not thread-safe. */
final class RecoveryReader implements AutoCloseable {
    /** Bounds how long a look holds up its thread. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int AT_ONCE = 500;

    private final KafkaConsumer<byte[], byte[]> consumer;

    /** The order whose place the consumer is at; null for none. */
    private String current;

    /**
     * Where one partition's part of a window is.
     *
     * @param next offset to be read next
     * @param end first offset that is not wanted
     */
    record Part(long next, long end) {
        boolean isDone() {
            return next >= end;
        }
    }

    RecoveryReader(KafkaAccess kafka) {
        consumer =
                new KafkaConsumer<>(
                        kafka.client(
                                Map.of(
                                        "client.id",
                                        "delivery-recovery",
                                        "enable.auto.commit",
                                        "false",
                                        // What retention took meanwhile cannot be sent any more.
                                        "auto.offset.reset",
                                        "earliest",
                                        "max.poll.records",
                                        Integer.toString(AT_ONCE),
                                        "default.api.timeout.ms",
                                        Long.toString(ANSWER.toMillis()))),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
    }

    /** The parts of an order's window, by partition. */
    Map<Integer, Part> window(RecoveryControl order) {
        List<TopicPartition> partitions =
                consumer.partitionsFor(Topics.CHANGES).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, OffsetAndTimestamp> first =
                consumer.offsetsForTimes(times(partitions, order.afterMillis()));
        Map<TopicPartition, OffsetAndTimestamp> last =
                consumer.offsetsForTimes(times(partitions, order.beforeMillis()));
        Map<Integer, Part> parts = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long end = ends.get(partition);
            parts.put(
                    partition.partition(),
                    new Part(offset(first.get(partition), end), offset(last.get(partition), end)));
        }
        return parts;
    }

    /**
     * Reads on.
     *
     * @param parts what is left of the order's window
     * @param taker gets every record of the window
     * @return what is left now
     */
    Map<Integer, Part> read(
            String order,
            Map<Integer, Part> parts,
            Consumer<ConsumerRecord<byte[], byte[]>> taker) {
        Map<Integer, Part> left = new HashMap<>(parts);
        left.values().removeIf(Part::isDone);
        if (left.isEmpty()) {
            return left;
        }
        if (!order.equals(current)) {
            consumer.assign(left.keySet().stream().map(RecoveryReader::partition).toList());
            left.forEach((number, part) -> consumer.seek(partition(number), part.next()));
            current = order;
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(LOOK)) {
            Part part = left.get(record.partition());
            if (part != null && record.offset() < part.end()) {
                taker.accept(record);
            }
        }
        left.replaceAll(
                (number, part) -> new Part(consumer.position(partition(number)), part.end()));
        left.values().removeIf(Part::isDone);
        if (left.size() < parts.size()) {
            current = null;
        }
        return left;
    }

    private static Map<TopicPartition, Long> times(List<TopicPartition> partitions, long millis) {
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, millis));
        return times;
    }

    private static long offset(OffsetAndTimestamp found, long end) {
        return found == null ? end : found.offset();
    }

    private static TopicPartition partition(int number) {
        return new TopicPartition(Topics.CHANGES, number);
    }

    @Override
    public void close() {
        consumer.close(
                org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
