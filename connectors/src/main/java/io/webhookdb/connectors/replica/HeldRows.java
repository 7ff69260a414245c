package io.webhookdb.connectors.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * What waited in heap or was in flight at a snapshot, in keyed state, under the lane's key, many
 * rows a value. Each snapshot replaces what the one before left, and nothing else touches it: a row
 * that waits over a checkpoint costs little more than its bytes. {@link ParkedRows} keep what will
 * wait for long, where newer states of a row replace older ones. All methods make the lane's key
 * the current one.
 */
final class HeldRows {
    static final MapStateDescriptor<Integer, List<SourcedRow>> ROWS =
            new MapStateDescriptor<>("held-rows", Types.INT, Types.LIST(SourcedRow.TYPE));

    /** Of rows in one value of the state, as they weigh in heap: it is copied as a whole. */
    private static final long MOST_BYTES = 1 << 20;

    private final MapState<Integer, List<SourcedRow>> rows;
    private final Consumer<String> currentKey;

    /**
     * @param currentKey makes a key the state's current one
     */
    HeldRows(MapState<Integer, List<SourcedRow>> rows, Consumer<String> currentKey) {
        this.rows = rows;
        this.currentKey = currentKey;
    }

    /** Makes state hold the lane's rows that it does not hold as parked, and no others. */
    void save(Lane lane) throws Exception {
        if (!lane.heapChanged()) {
            return;
        }
        List<SourcedRow> all = lane.inHeapAlone();
        int before = lane.heldValues();
        if (all.isEmpty() && before == 0) {
            lane.held(0);
            return;
        }
        currentKey.accept(lane.key().text());
        int values = put(all);
        for (int old = values; old < before; old++) {
            rows.remove(old);
        }
        lane.held(values);
    }

    private int put(List<SourcedRow> all) throws Exception {
        int values = 0;
        long bytes = 0;
        List<SourcedRow> next = new ArrayList<>();
        for (SourcedRow row : all) {
            next.add(row);
            bytes += RowMerge.weight(row);
            if (bytes >= MOST_BYTES) {
                rows.put(values++, next);
                next = new ArrayList<>();
                bytes = 0;
            }
        }
        if (!next.isEmpty()) {
            rows.put(values++, next);
        }
        return values;
    }

    /** What a restored state holds of a lane; it stays there until the next snapshot. */
    List<SourcedRow> restored(Lane lane) throws Exception {
        currentKey.accept(lane.key().text());
        List<SourcedRow> all = new ArrayList<>();
        int values = 0;
        for (List<SourcedRow> some : rows.values()) {
            all.addAll(some);
            values++;
        }
        lane.restoredHeld(values);
        return all;
    }
}
