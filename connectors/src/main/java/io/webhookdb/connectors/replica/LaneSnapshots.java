package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.replica.Lane.Kept;
import java.util.List;

/** Puts what lanes hold into keyed state, and finds it there again. For the task thread alone. */
final class LaneSnapshots {
    private final Lanes lanes;
    private final LaneScheduler scheduler;
    private final HeldRows held;
    private final ParkedRows parked;
    private final BatchPump pump;

    LaneSnapshots(
            Lanes lanes,
            LaneScheduler scheduler,
            HeldRows held,
            ParkedRows parked,
            BatchPump pump) {
        this.lanes = lanes;
        this.scheduler = scheduler;
        this.held = held;
        this.parked = parked;
        this.pump = pump;
    }

    /** Makes state hold every row that is not settled. */
    void save(long now) throws Exception {
        for (Lane lane : lanes.all()) {
            boolean mayWaitLong = !scheduler.tenant(lane).breaker().isClosed();
            if (mayWaitLong) {
                parked.park(lane, lane.keepFlightsInState());
                parked.park(lane, lane.keepInState());
                lanes.release(lane);
                pump.plan(lane, now);
            }
            held.save(lane);
            if (!lane.isParkingSaved()) {
                parked.save(lane);
                lane.parkingSaved();
            }
        }
        lanes.measure();
    }

    /**
     * Starts on what state holds.
     *
     * @param keys of the state, as {@link LaneKey#text()}
     * @param mostInHeap bytes of rows that may wait there
     */
    void restore(Iterable<String> keys, long mostInHeap, long now) throws Exception {
        for (String key : keys) {
            Lane lane = lanes.lane(key);
            lane.parking(parked.saved(lane));
            lane.parkingSaved();
            List<SourcedRow> rows = held.restored(lane);
            if (lanes.heap() < mostInHeap) {
                rows.forEach(row -> lanes.add(lane, row, Kept.IN_HEAP));
            } else {
                // Another parallelism may have brought more together than fits.
                parked.park(lane, rows);
            }
            scheduler.plan(lane, now, now);
        }
        lanes.measure();
        pump.pump(now);
    }
}
