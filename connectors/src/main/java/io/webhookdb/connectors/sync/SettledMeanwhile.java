package io.webhookdb.connectors.sync;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes the target took since rows were asked for that are still in the heap. Such a row may be
 * of before the change, and must not follow it. What was asked for later is newer: a change is
 * announced after its commit. So a restart, which asks anew, needs nothing of this.
 */
final class SettledMeanwhile {
    /** About ten megabytes. */
    static final int MOST = 50_000;

    private final Deque<Settled> settled = new ArrayDeque<>();
    private final Map<String, Settled> newest = new HashMap<>();
    private long sequence;

    private record Settled(long sequence, String key, String version) {}

    /** A point in time. */
    long now() {
        return sequence;
    }

    /** The target has these rows. */
    void add(List<SyncRow> rows) {
        for (SyncRow row : rows) {
            Settled one = new Settled(++sequence, row.key(), row.version());
            settled.add(one);
            newest.put(row.key(), one);
        }
    }

    /** Forgets what was taken at or before that time. */
    void forget(long until) {
        while (!settled.isEmpty() && settled.getFirst().sequence() <= until) {
            Settled one = settled.remove();
            newest.remove(one.key(), one);
        }
    }

    /** Whether so much was taken that it is better to ask anew. */
    boolean isTooMuch() {
        return settled.size() > MOST;
    }

    /** Whether the target has nothing of this row that is at least as new, as far as is known. */
    boolean isNews(SyncRow row) {
        Settled known = newest.get(row.key());
        return known == null || row.isNewerThan(known.version());
    }
}
