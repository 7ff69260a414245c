package io.webhookdb.connectors.replica;

import io.webhookdb.schemas.row.RowUpdate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;

/**
 * Unwritten rows in keyed state, under the lane's key and their remote key, the newest of each. All
 * methods make the lane's key the current one. How many there are is state of its own, so that a
 * restore finds the lanes without reading their rows.
 */
final class ParkedRows {
    static final MapStateDescriptor<String, SourcedRow> ROWS =
            new MapStateDescriptor<>("parked-rows", Types.STRING, SourcedRow.TYPE);
    static final ValueStateDescriptor<Tuple2<Long, Long>> COUNT =
            new ValueStateDescriptor<>("parked-count", Types.TUPLE(Types.LONG, Types.LONG));

    private final MapState<String, SourcedRow> rows;
    private final ValueState<Tuple2<Long, Long>> count;
    private final Consumer<String> currentKey;
    private final RowMerge merge;

    /**
     * @param currentKey makes a key the state's current one
     */
    ParkedRows(
            MapState<String, SourcedRow> rows,
            ValueState<Tuple2<Long, Long>> count,
            Consumer<String> currentKey,
            RowMerge merge) {
        this.rows = rows;
        this.count = count;
        this.currentKey = currentKey;
        this.merge = merge;
    }

    /** Adds rows, each merged with the parked one of its remote key. */
    void park(Lane lane, List<SourcedRow> all) throws Exception {
        if (all.isEmpty()) {
            return;
        }
        currentKey.accept(lane.key().text());
        for (SourcedRow row : all) {
            park(lane, row);
        }
    }

    private void park(Lane lane, SourcedRow row) throws Exception {
        RowUpdate update = row.update();
        SourcedRow known = lane.parking().rows() == 0 ? null : rows.get(update.key());
        if (known == null) {
            rows.put(update.key(), row);
            lane.parking(lane.parking().with(update.receivedAtMicros()));
            return;
        }
        SourcedRow merged = merge.newest(known, row);
        if (merged != known) {
            rows.put(update.key(), merged);
            lane.parking(lane.parking().reachingTo(update.receivedAtMicros()));
        }
    }

    /** Removes rows that are settled, except where a newer one is parked under the key. */
    void settle(Lane lane, List<SourcedRow> all) throws Exception {
        if (lane.parking().rows() == 0 || all.isEmpty()) {
            return;
        }
        currentKey.accept(lane.key().text());
        for (SourcedRow row : all) {
            settle(lane, row);
        }
    }

    private void settle(Lane lane, SourcedRow row) throws Exception {
        SourcedRow known = rows.get(row.update().key());
        if (known != null && known.update().version().compareTo(row.update().version()) <= 0) {
            rows.remove(row.update().key());
            lane.parking(lane.parking().without());
        }
    }

    /** Some parked rows, which stay parked until they are settled. */
    List<SourcedRow> some(Lane lane, int most) throws Exception {
        currentKey.accept(lane.key().text());
        List<SourcedRow> some = new ArrayList<>();
        Iterator<SourcedRow> values = rows.values().iterator();
        while (some.size() < most && values.hasNext()) {
            some.add(values.next());
        }
        if (some.isEmpty()) {
            lane.parking(Parking.EMPTY);
        }
        return some;
    }

    /** Forgets a lane's rows. */
    void clear(Lane lane) throws Exception {
        currentKey.accept(lane.key().text());
        rows.clear();
        lane.parking(Parking.EMPTY);
    }

    /** What was saved of a lane. */
    Parking saved(Lane lane) throws Exception {
        currentKey.accept(lane.key().text());
        Tuple2<Long, Long> saved = count.value();
        return saved == null ? Parking.EMPTY : new Parking(saved.f0, saved.f1);
    }

    /** Saves the count of a lane; once before every snapshot. */
    void save(Lane lane) throws Exception {
        currentKey.accept(lane.key().text());
        Parking parking = lane.parking();
        if (parking.rows() == 0) {
            count.clear();
        } else {
            count.update(Tuple2.of(parking.rows(), parking.oldestReceivedAtMicros()));
        }
    }
}
