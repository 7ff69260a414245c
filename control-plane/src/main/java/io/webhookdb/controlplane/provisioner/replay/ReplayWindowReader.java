package io.webhookdb.controlplane.provisioner.replay;

import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.control.ReplayControl;
import io.webhookdb.schemas.control.ReplayControl.Requests;
import io.webhookdb.security.kafka.KafkaAccess;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the part of the log in which requests of a time lie. For one thread. */
final class ReplayWindowReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);

    /** A record is written after its request was received; not by more than this. */
    private static final Duration LATEST = Duration.ofMinutes(5);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private Set<TopicPartition> assigned = Set.of();

    ReplayWindowReader(KafkaAccess kafka) {
        this.consumer =
                new KafkaConsumer<>(
                        kafka.client(
                                Map.of(
                                        ConsumerConfig.CLIENT_ID_CONFIG,
                                        "webhookdb-replay",
                                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                        false,
                                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                        "earliest",
                                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                                        500,
                                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                        10_000)),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
    }

    /** Where requests of the order's time can lie. What comes later is not part of it. */
    ReplayCursors window(ReplayControl order) {
        List<TopicPartition> partitions = partitions(order.requests());
        Map<TopicPartition, OffsetAndTimestamp> starts =
                consumer.offsetsForTimes(times(partitions, order.afterMicros() / 1000));
        Map<TopicPartition, OffsetAndTimestamp> ends =
                consumer.offsetsForTimes(
                        times(partitions, order.beforeMicros() / 1000 + LATEST.toMillis()));
        Map<TopicPartition, Long> last = consumer.endOffsets(partitions);
        ReplayCursors cursors = ReplayCursors.none();
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp start = starts.get(partition);
            OffsetAndTimestamp end = ends.get(partition);
            cursors.put(
                    partition,
                    start == null ? last.get(partition) : start.offset(),
                    end == null ? last.get(partition) : end.offset());
        }
        return cursors;
    }

    /**
     * Reads on, once.
     *
     * @param each gets every record of the window
     * @return whether there is more
     */
    boolean read(ReplayCursors cursors, Consumer<ConsumerRecord<byte[], byte[]>> each) {
        Map<TopicPartition, Long> open = cursors.open();
        if (open.isEmpty()) {
            return false;
        }
        if (!assigned.equals(open.keySet())) {
            assigned = Set.copyOf(open.keySet());
            consumer.assign(assigned);
            open.forEach(consumer::seek);
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            if (record.offset() < cursors.of(partition).end()) {
                each.accept(record);
            }
        }
        // The last offsets may hold no record: positions pass them, records do not.
        for (TopicPartition partition : assigned) {
            cursors.passed(partition, consumer.position(partition) - 1);
        }
        return !cursors.open().isEmpty();
    }

    private List<TopicPartition> partitions(Requests requests) {
        Stream<String> topics =
                switch (requests) {
                    case ALL -> Stream.of(Topics.EVENTS, Topics.REJECTED);
                    case ACCEPTED -> Stream.of(Topics.EVENTS);
                    case REJECTED -> Stream.of(Topics.REJECTED);
                };
        return topics.flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private static Map<TopicPartition, Long> times(List<TopicPartition> partitions, long millis) {
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, Math.max(0, millis)));
        return times;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
