package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.replica.Lane.Kept;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The lanes of one subtask, found by key, organization and integration, so that no event, control
 * record or failure looks at the lanes of others. Counts the heap their rows take. Only {@link
 * #load()} may be called from another thread.
 */
final class Lanes {
    /**
     * What the lanes held when it was last measured.
     *
     * @param rowsParked rows in keyed state
     * @param oldestParkedReceivedAtMicros lower bound of their receipt, microseconds since the
     *     epoch; {@link Long#MAX_VALUE} if there are none
     * @param heapBytes bytes of rows waiting in heap
     */
    record Load(long rowsParked, long oldestParkedReceivedAtMicros, long heapBytes) {
        static final Load NONE = new Load(0, Long.MAX_VALUE, 0);
    }

    private final LaneScheduler scheduler;
    private final RowMerge merge;
    private final int mostRows;
    private final Map<String, Lane> byKey = new HashMap<>();
    private final Map<Long, Set<Lane>> byOrganization = new HashMap<>();
    private final Map<String, Set<Lane>> byIntegration = new HashMap<>();
    private final Map<String, Set<Lane>> awaiting = new HashMap<>();
    private long heap;
    private volatile Load load = Load.NONE;

    Lanes(LaneScheduler scheduler, RowMerge merge, int mostRows) {
        this.scheduler = scheduler;
        this.merge = merge;
        this.mostRows = mostRows;
    }

    /** The lane of that key, a new one if there is none. */
    Lane lane(String key) {
        Lane known = byKey.get(key);
        return known == null ? created(key) : known;
    }

    private Lane created(String key) {
        Lane lane = new Lane(LaneKey.of(key), scheduler.newBreaker(), merge, mostRows);
        byKey.put(key, lane);
        put(byOrganization, lane.key().organization(), lane);
        put(byIntegration, lane.key().integration(), lane);
        return lane;
    }

    Collection<Lane> all() {
        return byKey.values();
    }

    /** How many there are. */
    int count() {
        return byKey.size();
    }

    Collection<Lane> ofOrganization(long organization) {
        return byOrganization.getOrDefault(organization, Set.of());
    }

    Collection<Lane> ofIntegration(String integration) {
        return byIntegration.getOrDefault(integration, Set.of());
    }

    /** The lane needs the control record of that key before its next batch. */
    void await(Lane lane, String controlKey) {
        stopWaiting(lane);
        lane.awaits(controlKey);
        put(awaiting, controlKey, lane);
    }

    /** The lanes that waited for the control record of that key, and no longer do. */
    List<Lane> awaited(String controlKey) {
        List<Lane> lanes = List.copyOf(awaiting.getOrDefault(controlKey, Set.of()));
        lanes.forEach(this::stopWaiting);
        return lanes;
    }

    /** The lane needs no control record, as far as is known. */
    void stopWaiting(Lane lane) {
        if (lane.awaits() != null) {
            remove(awaiting, lane.awaits(), lane);
            lane.awaits(null);
        }
    }

    /** Puts a row into heap. */
    void add(Lane lane, SourcedRow row, Kept kept) {
        grew(lane, lane.add(row, kept));
    }

    /** Takes rows out of heap, oldest first, all that pass the test. */
    List<SourcedRow> take(Lane lane, long mostBytes, Predicate<SourcedRow> test) {
        long before = lane.weight();
        List<SourcedRow> rows = lane.take(lane.limit(), mostBytes, test);
        grew(lane, lane.weight() - before);
        return rows;
    }

    /** Takes all of a lane's rows out of heap. */
    void release(Lane lane) {
        long before = lane.weight();
        lane.takeAll();
        grew(lane, -before);
    }

    private void grew(Lane lane, long bytes) {
        heap += bytes;
        scheduler.tenant(lane).heapGrew(bytes);
    }

    /** The organizations with rows that are not written, each once. */
    Set<Long> unwritten() {
        return byKey.values().stream()
                .filter(lane -> !lane.isEmpty() || lane.isInFlight())
                .map(lane -> lane.key().organization())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Bytes of rows waiting in heap. */
    long heap() {
        return heap;
    }

    /** Forgets the lanes that pass the test. */
    void forget(Predicate<Lane> test) {
        List<Lane> gone = byKey.values().stream().filter(test).toList();
        for (Lane lane : gone) {
            stopWaiting(lane);
            byKey.remove(lane.key().text());
            remove(byOrganization, lane.key().organization(), lane);
            remove(byIntegration, lane.key().integration(), lane);
        }
    }

    /** Looks at every lane; now and then, not for every event. */
    void measure() {
        long rows = 0;
        long oldest = Long.MAX_VALUE;
        for (Lane lane : byKey.values()) {
            rows += lane.parking().rows();
            oldest = Math.min(oldest, lane.parking().oldestReceivedAtMicros());
        }
        load = new Load(rows, oldest, heap);
    }

    /** A lower bound of the receipt of every row that is not settled, microseconds. */
    long oldestUnsettled() {
        long oldest = Long.MAX_VALUE;
        for (Lane lane : byKey.values()) {
            oldest = Math.min(oldest, lane.oldestUnsettled());
        }
        return oldest;
    }

    /** What was last measured. Thread-safe. */
    Load load() {
        return load;
    }

    private static <K> void put(Map<K, Set<Lane>> index, K key, Lane lane) {
        index.computeIfAbsent(key, any -> new LinkedHashSet<>()).add(lane);
    }

    private static <K> void remove(Map<K, Set<Lane>> index, K key, Lane lane) {
        index.computeIfPresent(
                key,
                (any, lanes) -> {
                    lanes.remove(lane);
                    return lanes.isEmpty() ? null : lanes;
                });
    }
}
