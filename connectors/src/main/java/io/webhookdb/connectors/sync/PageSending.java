package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.sync.Delivery.Outcome;
import io.webhookdb.connectors.sync.LaneProgress.Round;
import io.webhookdb.connectors.sync.LaneTask.RoundEnd;
import io.webhookdb.connectors.sync.PendingChanges.Memory;
import io.webhookdb.connectors.sync.PendingChanges.Page;
import io.webhookdb.connectors.sync.SyncContext.Known;
import io.webhookdb.schemas.control.SyncTargetControl;
import java.time.Instant;
import java.util.List;
import org.apache.flink.util.function.ThrowingConsumer;

/**
 * Sends what is pending of a lane, a page at a time, until the round has no more. Only the task
 * thread calls it.
 */
final class PageSending {
    /** A target that is busy every few seconds keeps its connection. */
    private static final long STAYS_CONNECTED_MILLIS = 15_000;

    private final LaneTask task;
    private final SyncSettings settings;
    private final SyncWorkers workers;
    private final LaneState state;
    private final PendingChanges pending;
    private final ExistingRows existing;
    private final Outcomes outcomes;
    private final Admission senders;

    /** What became of rows, for whoever counts it. */
    interface Outcomes {
        void settled(int rows);

        void failed();

        /** A row the target will never take. */
        void refused(Known known, SyncRow row, SyncException why);
    }

    PageSending(
            LaneTask task,
            SyncSettings settings,
            SyncWorkers workers,
            LaneState state,
            PendingChanges pending,
            ExistingRows existing,
            Outcomes outcomes) {
        this.task = task;
        this.settings = settings;
        this.workers = workers;
        this.state = state;
        this.pending = pending;
        this.existing = existing;
        this.outcomes = outcomes;
        this.senders = new Admission(settings.threads(), settings.perOrganization());
    }

    /** Sends the next page of the round, or ends the round, unless the lane has to wait. */
    void send(SyncLane lane, Known known) throws Exception {
        if (lane.sendAfter > task.now()) {
            task.wake(lane, lane.sendAfter);
            return;
        }
        boolean hasRows = lane.progress.queue().rows() > 0 || lane.ahead.rows() > 0;
        if (hasRows && !senders.enter(known.target().organization(), lane.key)) {
            return;
        }
        if (hasRows && next(lane, known)) {
            return;
        }
        List<String> called = hasRows ? senders.leave(known.target().organization()) : List.of();
        if (lane.progress.hasReadAll() && !lane.reading) {
            endRound(lane, known);
        }
        state.progress(lane.progress);
        task.call(called);
        task.enter(lane);
    }

    /** Sends existing rows or changes, by turns where there are both; false if none are to be. */
    private boolean next(SyncLane lane, Known known) throws Exception {
        boolean existingFirst = lane.existingNext;
        lane.existingNext = !existingFirst;
        return existingFirst
                ? sendExisting(lane, known) || sendChanges(lane, known)
                : sendChanges(lane, known) || sendExisting(lane, known);
    }

    private boolean sendExisting(SyncLane lane, Known known) throws Exception {
        ReadAhead ahead = lane.ahead;
        List<SyncRow> rows = existing.take(lane, known);
        while (rows.isEmpty() && lane.ahead.rows() > 0) {
            rows = existing.take(lane, known);
        }
        if (!rows.isEmpty()) {
            start(lane, known, rows, outcome -> existing.sent(lane, known, ahead, outcome));
        }
        return !rows.isEmpty();
    }

    private boolean sendChanges(SyncLane lane, Known known) throws Exception {
        Page page =
                pending.page(
                        lane.progress.queue(),
                        lane.progress.isReading() ? Long.MAX_VALUE : lane.progress.round().end(),
                        Math.max(1, known.target().pageSize()),
                        settings.mostPageBytes());
        lane.progress = lane.progress.with(page.queue());
        if (!page.rows().isEmpty()) {
            start(
                    lane,
                    known,
                    page.rows(),
                    outcome -> {
                        // What was sent in another form is no news of the form it has now.
                        boolean isSame =
                                lane.progress.existing().generation().equals(known.generation());
                        lane.progress =
                                lane.progress.with(
                                        pending.settle(
                                                lane.progress.queue(),
                                                outcome.settled(),
                                                isSame ? lane.memory() : Memory.NONE));
                    });
        }
        return !page.rows().isEmpty();
    }

    private void start(
            SyncLane lane,
            Known known,
            List<SyncRow> rows,
            ThrowingConsumer<Outcome, Exception> settling) {
        lane.sending = true;
        lane.sentThisRound = true;
        SyncPage page =
                new SyncPage(
                        known.table(),
                        rows,
                        Instant.ofEpochMilli(lane.progress.round().startedAt()));
        workers.send(
                () -> {
                    Outcome outcome = lane.delivery.deliver(known.target(), known.source(), page);
                    task.mail(() -> ended(lane, known, outcome, settling));
                });
    }

    /** Begins the next round if it is due; else it will be thought of when it is. */
    boolean startRound(SyncLane lane, Known known) {
        long now = task.now();
        SyncTargetControl target = known.target();
        long due =
                SyncSchedule.dueAt(
                        lane.progress.round(), target.periodSeconds(), target.triggersRequested());
        if (due > now && !lane.progress.isReading()) {
            task.wake(lane, due);
            return false;
        }
        lane.progress =
                lane.progress.with(
                        new Round(
                                now,
                                Math.max(1, lane.progress.queue().tail()),
                                target.triggersRequested()));
        return true;
    }

    private void endRound(SyncLane lane, Known known) throws Exception {
        long now = task.now();
        lane.pendingSince =
                lane.progress.queue().rows() == 0 ? 0 : lane.progress.round().startedAt();
        lane.progress = lane.progress.with(lane.progress.round().ended());
        long next =
                Math.max(
                        now,
                        SyncSchedule.dueAt(
                                lane.progress.round(),
                                known.target().periodSeconds(),
                                known.target().triggersRequested()));
        if (!lane.sentThisRound || next - now > STAYS_CONNECTED_MILLIS) {
            workers.send(lane.delivery::rest);
        }
        lane.sentThisRound = false;
        task.wake(lane, next);
        lane.reports.inStep(now);
        task.report(lane, known, RoundEnd.YES);
    }

    /** A page was sent, as far as it was. */
    private void ended(
            SyncLane lane,
            Known known,
            Outcome outcome,
            ThrowingConsumer<Outcome, Exception> settling)
            throws Exception {
        lane.sending = false;
        List<String> called = senders.leave(known.target().organization());
        task.enter(lane);
        settling.accept(outcome);
        outcomes.settled(outcome.settled().size());
        state.settled(outcome.settled());
        lane.reports.settled(outcome.settled(), task.now());
        outcome.refused().forEach((row, why) -> outcomes.refused(known, row, why));
        if (outcome.failure() == null) {
            lane.sendFailures = 0;
        } else {
            outcomes.failed();
            lane.sendFailures++;
            lane.failed(known, "target does not take rows", outcome.failure());
            lane.sendAfter =
                    task.now()
                            + SyncSchedule.backoff(
                                    outcome.failure().failure(), lane.sendFailures, settings);
        }
        task.report(lane, known, RoundEnd.NO);
        task.pump(lane);
        task.call(called);
    }
}
