package io.webhookdb.connectors.sync;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Existing rows of one lane that were read and are to be sent. They are in the heap alone: the
 * cursor in keyed state moves only over chunks the target has, so what is lost is read again.
 */
final class ReadAhead {
    private static final long NOTHING = -1;

    private final Deque<Chunk> chunks = new ArrayDeque<>();
    private final SettledMeanwhile settled = new SettledMeanwhile();
    private long askedAt = NOTHING;
    private int rows;

    static final class Chunk {
        private final Deque<SyncRow> rows;
        private final int size;
        private final long lastPk;
        private final boolean isLast;
        private final long askedAt;
        private int pagesUnderWay;

        private Chunk(ReplicaPages.Read read, long askedAt) {
            this.askedAt = askedAt;
            rows = new ArrayDeque<>(read.rows());
            size = read.rows().size();
            lastPk = read.lastPk();
            isLast = read.isLast();
        }
    }

    /**
     * Rows that are under way until they are settled.
     *
     * @param rows in order; none if there are none to send
     */
    record Taken(List<SyncRow> rows, Chunk of) {}

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

    /** The next rows are being read from now on. */
    void ask() {
        askedAt = settled.now();
    }

    /** They were read. */
    void add(ReplicaPages.Read read) {
        Chunk chunk = new Chunk(read, askedAt);
        askedAt = NOTHING;
        rows += chunk.size;
        chunks.add(chunk);
    }

    /** They could not be read. */
    void askedInVain() {
        askedAt = NOTHING;
        forgetSettled();
    }

    /**
     * The target has these changes.
     *
     * @return whether so many that all of this is better read anew
     */
    boolean overtake(List<SyncRow> changes) {
        settled.add(changes);
        forgetSettled();
        return settled.isTooMuch();
    }

    private void forgetSettled() {
        long oldest = askedAt == NOTHING ? settled.now() : askedAt;
        settled.forget(chunks.isEmpty() ? oldest : chunks.getFirst().askedAt);
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
     * Takes the next rows that are wanted, of one chunk. Several pages may be under way if each is
     * sent only after the one before was taken.
     *
     * @param mostBytes limit of their weight, which the first row alone may exceed
     */
    Taken take(int mostRows, long mostBytes, Filter filter) throws Exception {
        Chunk chunk = oldestWithRows();
        List<SyncRow> page = new ArrayList<>();
        if (chunk == null) {
            return new Taken(page, null);
        }
        long weight = 0;
        while (page.size() < mostRows) {
            SyncRow row = chunk.rows.peek();
            if (row == null || (weight + row.weight() > mostBytes && !page.isEmpty())) {
                break;
            }
            chunk.rows.remove();
            rows--;
            if (settled.isNews(row) && filter.isWanted(row)) {
                page.add(row);
                weight += row.weight();
            }
        }
        if (!page.isEmpty()) {
            chunk.pagesUnderWay++;
        }
        return new Taken(page, chunk);
    }

    private Chunk oldestWithRows() {
        for (Chunk chunk : chunks) {
            if (!chunk.rows.isEmpty()) {
                return chunk;
            }
        }
        return null;
    }

    /** All rows of a page are at the target, or not to be sent again. */
    void settle(Taken page) {
        page.of().pagesUnderWay--;
    }

    /** Removes the oldest chunk if nothing of it is left; null if something is. */
    Done finish() {
        if (chunks.isEmpty()
                || chunks.getFirst().pagesUnderWay > 0
                || !chunks.getFirst().rows.isEmpty()) {
            return null;
        }
        Chunk chunk = chunks.remove();
        forgetSettled();
        return new Done(chunk.size, chunk.lastPk, chunk.isLast);
    }
}
