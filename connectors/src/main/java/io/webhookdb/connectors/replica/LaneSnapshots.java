package io.webhookdb.connectors.replica;

import java.util.List;

/** Puts what lanes hold into keyed state, and finds it there again. For the task thread alone. */
final class LaneSnapshots {
    private final Lanes lanes;
    private final LaneScheduler scheduler;
    private final ParkedRows parked;
    private final BatchPump pump;

    LaneSnapshots(Lanes lanes, LaneScheduler scheduler, ParkedRows parked, BatchPump pump) {
        this.lanes = lanes;
        this.scheduler = scheduler;
        this.parked = parked;
        this.pump = pump;
    }

    /** Makes state hold every row that is not settled. */
    void save(long now) throws Exception {
        for (Lane lane : lanes.all()) {
            List<SourcedRow> unkept = lane.keepInState();
            if (unkept.isEmpty() && !lane.isInFlight() && lane.isSaved()) {
                continue;
            }
            parked.park(lane, lane.keepFlightsInState());
            parked.park(lane, unkept);
            if (!scheduler.tenant(lane).breaker().isClosed()) {
                lanes.release(lane);
                pump.plan(lane, now);
            }
            parked.save(lane);
            lane.saved();
        }
        lanes.measure();
    }

    /**
     * Starts on what state holds.
     *
     * @param keys of the state, as {@link LaneKey#text()}
     */
    void restore(List<Object> keys, long now) throws Exception {
        for (Object key : keys) {
            Lane lane = lanes.lane((String) key);
            lane.parking(parked.saved(lane));
            lane.saved();
            scheduler.plan(lane, now, now);
        }
        lanes.measure();
        pump.pump(now);
    }
}
