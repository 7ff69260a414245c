package io.webhookdb.controlplane.provisioner.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a replay has read, partition by partition. For one thread.
 *
 * @param ranges by {@code topic/partition}
 */
record ReplayCursors(Map<String, Range> ranges) {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    ReplayCursors {
        ranges = new TreeMap<>(ranges);
    }

    /**
     * Part of a partition.
     *
     * @param next offset of the next record to look at
     * @param end offset after the last
     */
    record Range(long next, long end) {
        boolean open() {
            return next < end;
        }
    }

    static ReplayCursors none() {
        return new ReplayCursors(Map.of());
    }

    void put(TopicPartition partition, long next, long end) {
        ranges.put(key(partition), new Range(next, Math.max(next, end)));
    }

    /** Moves on; the end stays. */
    void passed(TopicPartition partition, long offset) {
        Range range = ranges.get(key(partition));
        ranges.put(key(partition), new Range(Math.max(range.next(), offset + 1), range.end()));
    }

    Range of(TopicPartition partition) {
        return ranges.get(key(partition));
    }

    /** What is left to be read, with the offset to start at. */
    Map<TopicPartition, Long> open() {
        Map<TopicPartition, Long> open = new HashMap<>();
        ranges.forEach(
                (key, range) -> {
                    if (range.open()) {
                        int slash = key.lastIndexOf('/');
                        open.put(
                                new TopicPartition(
                                        key.substring(0, slash),
                                        Integer.parseInt(key.substring(slash + 1))),
                                range.next());
                    }
                });
        return open;
    }

    String json() {
        try {
            return MAPPER.writeValueAsString(ranges);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cursors of a replay", e);
        }
    }

    static ReplayCursors of(String json) {
        try {
            return new ReplayCursors(
                    MAPPER.readValue(json, new TypeReference<Map<String, Range>>() {}));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cursors of a replay are unreadable", e);
        }
    }

    private static String key(TopicPartition partition) {
        return partition.topic() + "/" + partition.partition();
    }
}
