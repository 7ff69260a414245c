package io.webhookdb.connectors.replica;

import io.webhookdb.schemas.row.RowUpdate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;

/**
 * Unwritten rows in keyed state, under the lane's key and their remote key, the newest of each. All
 * methods need the lane's key to be current. How many there are is state of its own, so that a
 * restore finds the lanes without reading their rows.
 */
final class ParkedRows {
    static final MapStateDescriptor<String, SourcedRow> ROWS =
            new MapStateDescriptor<>("parked-rows", Types.STRING, SourcedRow.TYPE);
    static final ValueStateDescriptor<Tuple2<Long, Long>> COUNT =
            new ValueStateDescriptor<>("parked-count", Types.TUPLE(Types.LONG, Types.LONG));

    private final MapState<String, SourcedRow> rows;
    private final ValueState<Tuple2<Long, Long>> count;

    ParkedRows(MapState<String, SourcedRow> rows, ValueState<Tuple2<Long, Long>> count) {
        this.rows = rows;
        this.count = count;
    }

    /** Adds a row, merged with the parked one of its remote key. */
    void park(Lane lane, SourcedRow row) throws Exception {
        RowUpdate update = row.update();
        SourcedRow known = lane.parking().rows() == 0 ? null : rows.get(update.key());
        if (known == null) {
            rows.put(update.key(), row);
            lane.parking(lane.parking().with(update.receivedAtMicros()));
            return;
        }
        SourcedRow merged = RowMerge.newest(known, row);
        if (merged != known) {
            rows.put(update.key(), merged);
        }
    }

    /** Removes a row that is settled, unless a newer one is parked under its key. */
    void settle(Lane lane, SourcedRow row) throws Exception {
        if (lane.parking().rows() == 0) {
            return;
        }
        SourcedRow known = rows.get(row.update().key());
        if (known != null && known.update().version().compareTo(row.update().version()) <= 0) {
            rows.remove(row.update().key());
            lane.parking(lane.parking().without());
        }
    }

    /** Some parked rows, which stay parked until they are settled. */
    List<SourcedRow> some(Lane lane, int most) throws Exception {
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
        rows.clear();
        lane.parking(Parking.EMPTY);
    }

    /** What was saved of a lane. */
    Parking saved() throws Exception {
        Tuple2<Long, Long> saved = count.value();
        return saved == null ? Parking.EMPTY : new Parking(saved.f0, saved.f1);
    }

    /** Saves the count of a lane; once before every snapshot. */
    void save(Lane lane) throws Exception {
        Parking parking = lane.parking();
        if (parking.rows() == 0) {
            count.clear();
        } else {
            count.update(Tuple2.of(parking.rows(), parking.oldestReceivedAtMicros()));
        }
    }
}
