package io.webhookdb.controlplane.provisioner.reading;

import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** How far a topic was read, kept beside what was read from it. */
final class ReadOffsets {
    /** Of a partition that was never read. */
    static final long NONE = -1;

    private ReadOffsets() {}

    /** The next offset of each partition that was read before. */
    static Map<Integer, Long> of(Handle handle, String topic) {
        Map<Integer, Long> offsets = new HashMap<>();
        handle.createQuery("SELECT partition, next_offset FROM read_offsets WHERE topic = :topic")
                .bind("topic", topic)
                .map((row, context) -> Map.entry(row.getInt(1), row.getLong(2)))
                .forEach(entry -> offsets.put(entry.getKey(), entry.getValue()));
        return offsets;
    }

    /**
     * Moves one partition on.
     *
     * @param expected where this reader left it
     * @throws OvertakenException if another reader moved it meanwhile
     */
    static void advance(Handle transaction, String topic, int partition, long expected, long next) {
        int moved =
                transaction
                        .createUpdate(
                                "INSERT INTO read_offsets (topic, partition, next_offset) VALUES"
                                    + " (:topic, :partition, :next) ON CONFLICT (topic, partition)"
                                    + " DO UPDATE SET next_offset = :next WHERE"
                                    + " read_offsets.next_offset = :expected")
                        .bind("topic", topic)
                        .bind("partition", partition)
                        .bind("next", next)
                        .bind("expected", expected)
                        .execute();
        if (moved != 1) {
            throw new OvertakenException(topic, partition, expected);
        }
    }

    /** Another process reads the same topic: it became leader while this one still thought so. */
    static final class OvertakenException extends RuntimeException {
        private static final long serialVersionUID = 1;

        OvertakenException(String topic, int partition, long expected) {
            super(
                    "Partition "
                            + partition
                            + " of "
                            + topic
                            + " is no longer at offset "
                            + expected
                            + ": another process reads it.");
        }
    }
}
