package io.webhookdb.controlplane.provisioner.reading;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** How far a topic was read, kept beside what was read from it. */
final class ReadOffsets {
    /** Of a partition that was never read. */
    static final long NONE = -1;

    /** No partition's number: of the row whose topic has the log's id behind it. */
    private static final int MARK = -1;

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

    /**
     * Says which log the offsets of a topic are of from now on, and forgets those of another: they
     * mean nothing in a topic that was made anew under the same name.
     *
     * @param log Kafka's id of the topic
     * @return whether offsets of another log were forgotten
     */
    static boolean areOf(Handle transaction, String topic, String log) {
        String mark = topic + "@" + log;
        List<String> marks =
                transaction
                        .createQuery(
                                "SELECT topic FROM read_offsets WHERE partition = :mark AND"
                                        + " starts_with(topic, :prefix)")
                        .bind("mark", MARK)
                        .bind("prefix", topic + "@")
                        .mapTo(String.class)
                        .list();
        if (marks.contains(mark)) {
            return false;
        }
        if (!marks.isEmpty()) {
            transaction.execute("DELETE FROM read_offsets WHERE topic = ?", topic);
            marks.forEach(
                    old -> transaction.execute("DELETE FROM read_offsets WHERE topic = ?", old));
        }
        transaction.execute(
                "INSERT INTO read_offsets (topic, partition, next_offset) VALUES (?, ?, 0) ON"
                        + " CONFLICT DO NOTHING",
                mark,
                MARK);
        return !marks.isEmpty();
    }

    /** Forgets how far a partition was read whose log ends before. */
    static void forget(Handle handle, String topic, int partition, long expected) {
        handle.execute(
                "DELETE FROM read_offsets WHERE topic = ? AND partition = ? AND next_offset = ?",
                topic,
                partition,
                expected);
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
