package io.webhookdb.connectors.replica;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The unwritten rows of one key of the stream: one shard of one table. At most one batch of it is
 * in flight. Rows wait in heap, merged to the newest per remote key, or are parked in keyed state,
 * which this class only counts.
 */
final class Lane {
    /** Where a lane stands with the scheduler. */
    enum Standing {
        /** Nothing to do, or waiting for more rows, a retry or control. */
        RESTING,
        /** In its organization's queue. */
        QUEUED,
        IN_FLIGHT
    }

    /** What keyed state knows of a waiting row. */
    enum Kept {
        IN_HEAP,
        ALSO_IN_STATE
    }

    private record Waiting(SourcedRow row, long weight, Kept kept) {}

    private final LaneKey key;
    private final Breaker breaker;
    private final RowMerge merge;
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();
    private long weight;
    private int alsoInState;
    private Standing standing = Standing.RESTING;
    private long dueAt = Long.MAX_VALUE;
    private int lastBatchRows;
    private int limit;
    private long lastActiveAt = Long.MIN_VALUE / 2;
    private Parking parking = Parking.EMPTY;
    private Parking saved = Parking.EMPTY;
    private List<SourcedRow> inFlight = List.of();
    private String awaits;

    Lane(LaneKey key, Breaker breaker, RowMerge merge, int mostRows) {
        this.key = key;
        this.breaker = breaker;
        this.merge = merge;
        this.limit = mostRows;
    }

    LaneKey key() {
        return key;
    }

    /** Guards the table, as opposed to the database. */
    Breaker breaker() {
        return breaker;
    }

    /** Adds a row and returns by how much heap grew. */
    long add(SourcedRow row, Kept kept) {
        String remoteKey = row.update().key();
        Waiting known = waiting.get(remoteKey);
        SourcedRow merged = known == null ? row : merge.newest(known.row(), row);
        Waiting entry =
                new Waiting(merged, RowMerge.weight(merged), kept(merged, known, row, kept));
        waiting.put(remoteKey, entry);
        count(entry, 1);
        if (known != null) {
            count(known, -1);
        }
        long growth = entry.weight() - (known == null ? 0 : known.weight());
        weight += growth;
        return growth;
    }

    private void count(Waiting entry, int change) {
        if (entry.kept() == Kept.ALSO_IN_STATE) {
            alsoInState += change;
        }
    }

    /** What was made of both is in heap alone, whatever state knows of the two. */
    private static Kept kept(SourcedRow merged, Waiting known, SourcedRow row, Kept kept) {
        if (merged == row) {
            return kept;
        }
        return merged == known.row() ? known.kept() : Kept.IN_HEAP;
    }

    /** Takes out rows for a batch, oldest first, all that pass the test. */
    List<SourcedRow> take(int mostRows, long mostBytes, Predicate<SourcedRow> test) {
        List<SourcedRow> taken = new ArrayList<>();
        long bytes = 0;
        Iterator<Waiting> entries = waiting.values().iterator();
        while (entries.hasNext() && taken.size() < mostRows && bytes < mostBytes) {
            Waiting entry = entries.next();
            if (test.test(entry.row())) {
                taken.add(entry.row());
                bytes += entry.weight();
                count(entry, -1);
                entries.remove();
            }
        }
        weight -= bytes;
        return taken;
    }

    /** Takes out everything. */
    List<SourcedRow> takeAll() {
        return take(Integer.MAX_VALUE, Long.MAX_VALUE, row -> true);
    }

    /** Rows in heap that keyed state does not hold; from now on it does. */
    List<SourcedRow> keepInState() {
        List<SourcedRow> rows = new ArrayList<>();
        for (Map.Entry<String, Waiting> entry : waiting.entrySet()) {
            Waiting row = entry.getValue();
            if (row.kept() == Kept.IN_HEAP) {
                rows.add(row.row());
                Waiting kept = new Waiting(row.row(), row.weight(), Kept.ALSO_IN_STATE);
                entry.setValue(kept);
                count(kept, 1);
            }
        }
        return rows;
    }

    SourcedRow first() {
        return waiting.values().iterator().next().row();
    }

    int waiting() {
        return waiting.size();
    }

    /** Bytes waiting in heap. */
    long weight() {
        return weight;
    }

    boolean isEmpty() {
        return waiting.isEmpty() && parking.rows() == 0;
    }

    /** A lower bound of the receipt of every row, wherever it waits; microseconds. */
    long oldestUnsettled() {
        long oldest = parking.oldestReceivedAtMicros();
        for (Waiting entry : waiting.values()) {
            oldest = Math.min(oldest, entry.row().update().receivedAtMicros());
        }
        for (SourcedRow row : inFlight) {
            oldest = Math.min(oldest, row.update().receivedAtMicros());
        }
        return oldest;
    }

    /** Rows of the batch in flight. */
    List<SourcedRow> inFlight() {
        return inFlight;
    }

    void inFlight(List<SourcedRow> rows) {
        this.inFlight = rows;
    }

    /** Rows that wait in keyed state alone; a few more where heap holds a newer one of a row. */
    long parkedAlone() {
        return Math.max(0, parking.rows() - alsoInState);
    }

    Parking parking() {
        return parking;
    }

    void parking(Parking now) {
        this.parking = now;
    }

    /** Whether keyed state knows how much is parked. */
    boolean isSaved() {
        return saved.equals(parking);
    }

    void saved() {
        saved = parking;
    }

    Standing standing() {
        return standing;
    }

    void standing(Standing now) {
        this.standing = now;
    }

    /** When it should be queued; {@link Long#MAX_VALUE} if nothing is planned. */
    long dueAt() {
        return dueAt;
    }

    void dueAt(long time) {
        this.dueAt = time;
    }

    /** Most rows in the next batch: fewer after a failure, which may have been its size. */
    int limit() {
        return limit;
    }

    void limit(int rows) {
        this.limit = rows;
    }

    /** Key of the control record it needs before its next batch; null if none. */
    String awaits() {
        return awaits;
    }

    void awaits(String controlKey) {
        this.awaits = controlKey;
    }

    int lastBatchRows() {
        return lastBatchRows;
    }

    long lastActiveAt() {
        return lastActiveAt;
    }

    void batchEnded(int rows, long now) {
        this.lastBatchRows = rows;
        this.lastActiveAt = now;
    }
}
