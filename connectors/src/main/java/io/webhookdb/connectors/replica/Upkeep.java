package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.replica.BatchPump.Timers;
import io.webhookdb.connectors.replica.Lane.Standing;
import io.webhookdb.connectors.status.IntegrationReports;
import java.util.function.Consumer;

/**
 * What the writer does now and then: reports what it counted, starts what waits for company when
 * none comes, and forgets what is idle, so that neither heap nor servers feel integrations that
 * rest. For the task thread alone.
 */
final class Upkeep {
    private static final long SWEEP_MILLIS = 5_000;
    private static final long LOOK_MILLIS = 200;

    private final Timers timers;
    private final Lanes lanes;
    private final LaneScheduler scheduler;
    private final BatchPump pump;
    private final Consumer<Runnable> elsewhere;
    private final ReplicaConnections connections;
    private final EpochReports epochs;
    private final Pace pace;
    private boolean rowCame;
    private long lastLag;
    private long quietSince;

    /**
     * @param elsewhere runs what may wait for a server
     */
    Upkeep(
            Timers timers,
            Lanes lanes,
            LaneScheduler scheduler,
            BatchPump pump,
            Consumer<Runnable> elsewhere,
            ReplicaConnections connections,
            EpochReports epochs,
            Pace pace) {
        this.timers = timers;
        this.lanes = lanes;
        this.scheduler = scheduler;
        this.pump = pump;
        this.elsewhere = elsewhere;
        this.connections = connections;
        this.epochs = epochs;
        this.pace = pace;
    }

    /**
     * Begins.
     *
     * @param report sends what was counted since
     */
    void begin(Runnable report) {
        timers.after(SWEEP_MILLIS, time -> sweep());
        timers.after(LOOK_MILLIS, time -> look());
        timers.after(IntegrationReports.PERIOD.toMillis(), time -> report(report));
    }

    /**
     * The input goes on.
     *
     * @param lag time from the receipt of the row's event, milliseconds
     */
    void rowCame(long lag) {
        rowCame = true;
        lastLag = lag;
    }

    private void look() throws Exception {
        long now = ReplicaWriter.now();
        if (rowCame) {
            quietSince = now;
        } else if (lanes.heap() > 0 && now - quietSince >= pace.quietMillis(lastLag, now)) {
            pump.startAllWaiting(now);
        }
        rowCame = false;
        timers.after(LOOK_MILLIS, time -> look());
    }

    private void report(Runnable report) {
        report.run();
        timers.after(IntegrationReports.PERIOD.toMillis(), time -> report(report));
    }

    private void sweep() {
        long now = ReplicaWriter.now();
        lanes.forget(
                lane ->
                        lane.isEmpty()
                                && lane.isSaved()
                                && lane.standing() == Standing.RESTING
                                && !lane.isInFlight()
                                && now - lane.lastActiveAt() > SWEEP_MILLIS);
        lanes.measure();
        scheduler.forgetIdle();
        // Again and again: a report may be lost.
        epochs.reportHeld();
        elsewhere.accept(connections::closeIdle);
        timers.after(SWEEP_MILLIS, time -> sweep());
    }
}
