package io.webhookdb.connectors.replica;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The unwritten rows of one key of the stream: of one table. Rows wait in heap, merged to the
 * newest per remote key, or are parked in keyed state, which this class only counts. Several
 * batches of it may be in flight; no two hold rows of the same remote key, which would wait for
 * each other.
 */
final class Lane {
    /** Where a lane stands with the scheduler. */
    enum Standing {
        /** Nothing to do, or waiting for more rows, a retry or control. */
        RESTING,
        /** In its organization's queue. */
        QUEUED
    }

    /** Whether a waiting row is parked as well. */
    enum Kept {
        IN_HEAP,
        ALSO_IN_STATE
    }

    private record Waiting(SourcedRow row, long weight, Kept kept) {}

    /**
     * A batch on its way.
     *
     * @param weight its rows' in heap, bytes
     * @param inState how many of its rows keyed state holds as well
     */
    private record Flight(List<SourcedRow> rows, long weight, int inState) {}

    private final LaneKey key;
    private final Breaker breaker;
    private final RowMerge merge;
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();
    private long weight;
    private int alsoInState;
    private final List<Flight> flights = new ArrayList<>();
    private Set<String> keysInFlight;
    private Standing standing = Standing.RESTING;
    private long dueAt = Long.MAX_VALUE;
    private int lastBatchRows;
    private int limit;
    private long lag;
    private long lastActiveAt = Long.MIN_VALUE / 2;
    private Parking parking = Parking.EMPTY;
    private Parking saved = Parking.EMPTY;
    private boolean heapChanged;
    private int heldValues;
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
        heapChanged = true;
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

    /**
     * Takes out rows for a batch, oldest first, all that pass the test and of whose remote keys
     * none is in flight. They are in flight from now on, until {@link #landed}.
     */
    List<SourcedRow> take(int mostRows, long mostBytes, Predicate<SourcedRow> test) {
        int inStateBefore = alsoInState;
        long weightBefore = weight;
        List<SourcedRow> taken = remove(mostRows, mostBytes, test.and(this::isFree));
        if (!taken.isEmpty()) {
            flights.add(new Flight(taken, weightBefore - weight, inStateBefore - alsoInState));
            keysInFlight = null;
        }
        return taken;
    }

    private List<SourcedRow> remove(int mostRows, long mostBytes, Predicate<SourcedRow> test) {
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
        heapChanged = true;
        return taken;
    }

    /** Takes out everything that waits. */
    List<SourcedRow> takeAll() {
        return remove(Integer.MAX_VALUE, Long.MAX_VALUE, row -> true);
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

    /** Rows that wait or are in flight, without those that are parked, too. */
    List<SourcedRow> inHeapAlone() {
        List<SourcedRow> rows = new ArrayList<>();
        for (Flight flight : flights) {
            if (flight.inState() < flight.rows().size()) {
                rows.addAll(flight.rows());
            }
        }
        for (Waiting entry : waiting.values()) {
            if (entry.kept() == Kept.IN_HEAP) {
                rows.add(entry.row());
            }
        }
        return rows;
    }

    /** Whether what waits or is in flight changed since {@link #held}. */
    boolean heapChanged() {
        return heapChanged;
    }

    /** Keyed state has what is in heap now, in so many values. */
    void held(int values) {
        heldValues = values;
        heapChanged = false;
    }

    /** A restored state has that of it, which its heap does not have yet. */
    void restoredHeld(int values) {
        heldValues = values;
        heapChanged = true;
    }

    /** Values of keyed state with what was in heap at the last snapshot. */
    int heldValues() {
        return heldValues;
    }

    /** The oldest row a batch could hold. */
    Optional<SourcedRow> first() {
        return waiting.values().stream().map(Waiting::row).filter(this::isFree).findFirst();
    }

    private boolean isFree(SourcedRow row) {
        return flights.isEmpty() || !keysInFlight().contains(row.update().key());
    }

    /** Made only where a batch starts while another is in flight. */
    private Set<String> keysInFlight() {
        if (keysInFlight == null) {
            keysInFlight = new HashSet<>();
            flights.forEach(
                    flight -> flight.rows().forEach(row -> keysInFlight.add(row.update().key())));
        }
        return keysInFlight;
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
        for (Flight flight : flights) {
            for (SourcedRow row : flight.rows()) {
                oldest = Math.min(oldest, row.update().receivedAtMicros());
            }
        }
        return oldest;
    }

    boolean isInFlight() {
        return !flights.isEmpty();
    }

    /** Whether so much waits that a batch of that size can start beside those in flight. */
    boolean fills(int rows, long bytes) {
        long rowsLeft = waiting.size();
        long bytesLeft = weight;
        for (Flight flight : flights) {
            // As if each of its rows had a newer one waiting, which may not start yet.
            rowsLeft -= flight.rows().size();
            bytesLeft -= flight.weight();
        }
        return rowsLeft >= rows || bytesLeft >= bytes;
    }

    /** Rows of all batches in flight; from now on keyed state holds them, too. */
    List<SourcedRow> keepFlightsInState() {
        List<SourcedRow> rows = new ArrayList<>();
        flights.replaceAll(
                flight -> {
                    rows.addAll(flight.rows());
                    return new Flight(flight.rows(), flight.weight(), flight.rows().size());
                });
        return rows;
    }

    /** Rows that wait in keyed state alone; a few more where heap holds a newer one of a row. */
    long parkedAlone() {
        long elsewhere = alsoInState;
        for (Flight flight : flights) {
            elsewhere += flight.inState();
        }
        return Math.max(0, parking.rows() - elsewhere);
    }

    Parking parking() {
        return parking;
    }

    void parking(Parking now) {
        this.parking = now;
    }

    /** Whether keyed state knows how much is parked. */
    boolean isParkingSaved() {
        return saved.equals(parking);
    }

    void parkingSaved() {
        saved = parking;
    }

    /** Whether keyed state has nothing of it, as far as there is nothing to have. */
    boolean isSaved() {
        return isParkingSaved() && heldValues == 0;
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

    /** Time from the receipt of the event of the last row that came until it came, milliseconds. */
    long lag() {
        return lag;
    }

    void lag(long millis) {
        this.lag = millis;
    }

    int lastBatchRows() {
        return lastBatchRows;
    }

    long lastActiveAt() {
        return lastActiveAt;
    }

    /**
     * A batch has ended, well or not.
     *
     * @param rows what {@link #take} returned
     */
    void landed(List<SourcedRow> rows, long now) {
        flights.removeIf(flight -> flight.rows() == rows);
        keysInFlight = null;
        heapChanged = true;
        this.lastBatchRows = rows.size();
        this.lastActiveAt = now;
    }
}
