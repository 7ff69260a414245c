package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.sync.LaneProgress.Queue;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides which rows of a lane are sent, and when they are settled. Rows are compacted to the
 * newest version of each; an entry leaves only if the version that was acknowledged is still the
 * newest.
 */
final class PendingChanges {
    private final Store store;

    /** Where the rows of the lane at hand are kept. */
    interface Store {
        PendingRow row(String key) throws Exception;

        void row(String key, PendingRow row) throws Exception;

        void removeRow(String key) throws Exception;

        String keyAt(long sequence) throws Exception;

        void keyAt(long sequence, String key) throws Exception;

        void removeKeyAt(long sequence) throws Exception;

        /** Version the target has; null if unknown. */
        String acknowledged(String key) throws Exception;

        void acknowledged(String key, String version) throws Exception;
    }

    /** Whether versions the target has are remembered. */
    enum Memory {
        /** While existing rows are read: a page may be older than what was sent meanwhile. */
        KEEPS,
        NONE
    }

    /**
     * Rows to send.
     *
     * @param queue the queue with its head moved over what is settled
     * @param rows in order
     */
    record Page(Queue queue, List<SyncRow> rows) {}

    PendingChanges(Store store) {
        this.store = store;
    }

    /** Takes a row in, unless a version at least as new is pending or known to be at the target. */
    Queue add(Queue queue, SyncRow row, Memory memory) throws Exception {
        PendingRow pending = store.row(row.key());
        if (pending != null) {
            if (row.isNewerThan(pending.row().version())) {
                store.row(row.key(), new PendingRow(pending.sequence(), row));
            }
            return queue;
        }
        if (memory == Memory.KEEPS && isThere(row)) {
            return queue;
        }
        return append(queue, row, 1);
    }

    /**
     * Whether an existing row is to be sent by itself. Not if a change of it waits: that is sent
     * later, in the newer of the two versions.
     */
    boolean wantsExisting(Queue queue, SyncRow row) throws Exception {
        PendingRow waiting = queue.rows() > 0 ? store.row(row.key()) : null;
        if (waiting != null) {
            if (row.isNewerThan(waiting.row().version())) {
                store.row(row.key(), new PendingRow(waiting.sequence(), row));
            }
        }
        return waiting == null;
    }

    /** Whether the target has the row, or refused it for good, in this version or a newer one. */
    boolean isThere(SyncRow row) throws Exception {
        String acknowledged = store.acknowledged(row.key());
        return acknowledged != null && !row.isNewerThan(acknowledged);
    }

    /**
     * The target has an existing row, which is remembered: it is newer than what was remembered of
     * it, and to look costs more than to write where a table is large. A change that came while it
     * was under way and is older would take the target back, so it is sent as the row is.
     */
    void existingIsThere(Queue queue, SyncRow row) throws Exception {
        store.acknowledged(row.key(), row.version());
        PendingRow waiting = queue.rows() > 0 ? store.row(row.key()) : null;
        if (waiting != null && !waiting.row().isNewerThan(row.version())) {
            store.row(row.key(), new PendingRow(waiting.sequence(), row));
        }
    }

    /**
     * Cuts a page from the front.
     *
     * @param end first sequence that is not to be sent now
     * @param mostRows limit of rows
     * @param mostBytes limit of their weight, which the first row alone may exceed
     */
    Page page(Queue queue, long end, int mostRows, long mostBytes) throws Exception {
        List<SyncRow> rows = new ArrayList<>();
        long weight = 0;
        long head = queue.head();
        for (long at = head; at < Math.min(end, queue.tail()) && rows.size() < mostRows; at++) {
            String key = store.keyAt(at);
            if (key == null) {
                head = rows.isEmpty() ? at + 1 : head;
                continue;
            }
            SyncRow row = store.row(key).row();
            weight += row.weight();
            if (weight > mostBytes && !rows.isEmpty()) {
                break;
            }
            rows.add(row);
        }
        return new Page(new Queue(head, queue.tail(), queue.rows()), rows);
    }

    /**
     * The target has these rows, or refused them for good. A row that changed since goes to the
     * end: its turn is the next sync.
     */
    Queue settle(Queue queue, List<SyncRow> rows, Memory memory) throws Exception {
        Queue left = queue;
        for (SyncRow row : rows) {
            PendingRow pending = store.row(row.key());
            if (memory == Memory.KEEPS) {
                store.acknowledged(row.key(), row.version());
            }
            if (pending == null) {
                continue;
            }
            store.removeKeyAt(pending.sequence());
            if (pending.row().version().equals(row.version())) {
                store.removeRow(row.key());
                left = new Queue(left.head(), left.tail(), left.rows() - 1);
            } else {
                left = append(left, pending.row(), 0);
            }
        }
        return left;
    }

    private Queue append(Queue queue, SyncRow row, int more) throws Exception {
        store.row(row.key(), new PendingRow(queue.tail(), row));
        store.keyAt(queue.tail(), row.key());
        return new Queue(queue.head(), queue.tail() + 1, queue.rows() + more);
    }
}
