package io.webhookdb.connectors.sync;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Existing rows of one lane that were read and are to be sent. They are in the heap alone: the
 * cursor in keyed state moves only over chunks the target has, so what is lost is read again.
 */
final class ReadAhead {
    private final Deque<Chunk> chunks = new ArrayDeque<>();
    private final List<SyncRow> underWay = new ArrayList<>();
    private int rows;

    private static final class Chunk {
        private final Deque<SyncRow> rows;
        private final int size;
        private final long lastPk;
        private final boolean isLast;

        private Chunk(ReplicaPages.Read read) {
            rows = new ArrayDeque<>(read.rows());
            size = read.rows().size();
            lastPk = read.lastPk();
            isLast = read.isLast();
        }
    }

    /** Says whether a row needs to be sent at all. */
    interface Filter {
        boolean isWanted(SyncRow row) throws Exception;
    }

    /**
     * A chunk the target has.
     *
     * @param rows how many rows were in it
     * @param lastPk the cursor after it
     * @param isLast whether nothing follows
     */
    record Done(int rows, long lastPk, boolean isLast) {}

    void add(ReplicaPages.Read read) {
        Chunk chunk = new Chunk(read);
        rows += chunk.size;
        chunks.add(chunk);
    }

    boolean isEmpty() {
        return chunks.isEmpty();
    }

    /** Rows not sent yet. */
    int rows() {
        return rows;
    }

    /** Whether the table's end was read. */
    boolean hasAll() {
        return !chunks.isEmpty() && chunks.getLast().isLast;
    }

    /** Where to read on. */
    long cursor(long saved) {
        return chunks.isEmpty() ? saved : chunks.getLast().lastPk;
    }

    /**
     * Takes the next rows of the oldest chunk that are wanted; they are under way then.
     *
     * @param mostBytes limit of their weight, which the first row alone may exceed
     */
    List<SyncRow> take(int mostRows, long mostBytes, Filter filter) throws Exception {
        long weight = 0;
        while (!chunks.isEmpty() && underWay.size() < mostRows) {
            SyncRow row = chunks.getFirst().rows.peek();
            if (row == null || (weight + row.weight() > mostBytes && !underWay.isEmpty())) {
                break;
            }
            chunks.getFirst().rows.remove();
            rows--;
            if (filter.isWanted(row)) {
                underWay.add(row);
                weight += row.weight();
            }
        }
        return List.copyOf(underWay);
    }

    /** What was under way is at the target, or not to be sent again, except what is not named. */
    void settle(List<SyncRow> settled) {
        Set<SyncRow> there = new HashSet<>(settled);
        for (int i = underWay.size() - 1; i >= 0; i--) {
            if (!there.contains(underWay.get(i))) {
                chunks.getFirst().rows.addFirst(underWay.get(i));
                rows++;
            }
        }
        underWay.clear();
    }

    /** Removes the oldest chunk if nothing of it is left; null if something is. */
    Done finish() {
        if (chunks.isEmpty() || !underWay.isEmpty() || !chunks.getFirst().rows.isEmpty()) {
            return null;
        }
        Chunk chunk = chunks.remove();
        return new Done(chunk.size, chunk.lastPk, chunk.isLast);
    }
}
