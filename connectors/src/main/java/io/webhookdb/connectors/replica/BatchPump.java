package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.replica.LaneScheduler.Start;
import java.util.Collection;
import java.util.Optional;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;

/**
 * Starts batches as soon as they may start, and has itself woken when more may. For the task thread
 * alone. Times are milliseconds of {@link ReplicaWriter}'s clock.
 */
final class BatchPump {
    /** Calls back on the task thread. */
    interface Timers {
        void after(long millis, ProcessingTimeCallback callback);
    }

    private final LaneScheduler scheduler;
    private final Lanes lanes;
    private final Pace pace;
    private final BatchAssembly assembly;
    private final BatchRunner runner;
    private final Timers timers;
    private long timerAt = Long.MAX_VALUE;

    BatchPump(
            LaneScheduler scheduler,
            Lanes lanes,
            Pace pace,
            BatchAssembly assembly,
            BatchRunner runner,
            Timers timers) {
        this.scheduler = scheduler;
        this.lanes = lanes;
        this.pace = pace;
        this.assembly = assembly;
        this.runner = runner;
        this.timers = timers;
    }

    /** Starts what may start. */
    void pump(long now) throws Exception {
        Optional<Start> next = scheduler.next(now);
        while (next.isPresent()) {
            start(next.get(), now);
            next = scheduler.next(now);
        }
        long wakeup = scheduler.nextWakeup().orElse(Long.MAX_VALUE);
        if (wakeup < timerAt) {
            timerAt = wakeup;
            timers.after(
                    wakeup - now,
                    time -> {
                        timerAt = Long.MAX_VALUE;
                        pump(ReplicaWriter.now());
                    });
        }
    }

    /** Plans the next batch of a lane that has rows; one that is queued gets no earlier one. */
    void plan(Lane lane, long now) {
        if (!lane.isEmpty()) {
            scheduler.plan(lane, pace.resumeAt(lane, now), now);
        }
    }

    /** Starts what waits for more rows and need not do so any longer, as {@link Pace} says. */
    void startWaiting(long now) throws Exception {
        for (Lane lane : lanes.all()) {
            if (waits(lane)) {
                scheduler.plan(lane, pace.resumeAt(lane, now), now);
            }
        }
        pump(now);
    }

    /** Starts all that waits for more rows: none come. */
    void startAllWaiting(long now) throws Exception {
        planWaiting(lanes.all(), now);
        pump(now);
    }

    private void planWaiting(Collection<Lane> which, long now) {
        for (Lane lane : which) {
            if (waits(lane)) {
                scheduler.plan(lane, now, now);
            }
        }
    }

    private static boolean waits(Lane lane) {
        return lane.waiting() > 0
                && lane.awaits() == null
                && lane.breaker().isClosed()
                && !lane.isInFlight();
    }

    private void start(Start start, long now) throws Exception {
        Lane lane = start.lane();
        if (!mayStart(lane, now)) {
            scheduler.skipped(start, now);
            plan(lane, now);
            return;
        }
        Optional<Batch> batch = assembly.batch(lane);
        if (batch.isEmpty()) {
            scheduler.skipped(start, now);
            return;
        }
        if (pace.isCrowded(now)) {
            // They come next, over the same connection.
            planWaiting(lanes.ofOrganization(lane.key().organization()), now);
        }
        runner.run(start, batch.get());
        plan(lane, now);
    }

    /** What is in flight may have failed since the lane was planned. */
    private static boolean mayStart(Lane lane, long now) {
        return lane.isInFlight() ? Pace.mayStartBeside(lane) : lane.breaker().permits(now, 0);
    }
}
