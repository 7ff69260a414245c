package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.sync.Delivery.Outcome;
import io.webhookdb.connectors.sync.LaneProgress.Round;
import io.webhookdb.connectors.sync.LaneTask.RoundEnd;
import io.webhookdb.connectors.sync.SyncContext.Known;
import io.webhookdb.schemas.control.SyncTargetControl;
import java.util.List;

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
    private final NextPages pages;
    private final Outcomes outcomes;
    private final Admission senders;
    private final Admission trials;

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
            NextPages pages,
            Outcomes outcomes) {
        this.task = task;
        this.settings = settings;
        this.workers = workers;
        this.state = state;
        this.pages = pages;
        this.outcomes = outcomes;
        this.senders = new Admission(settings.threads(), settings.perOrganization());
        this.trials = new Admission(settings.trialThreads(), settings.perOrganization());
    }

    /** Sends the next page of the round, or ends the round, unless the lane has to wait. */
    void send(SyncLane lane, Known known) throws Exception {
        if (lane.pagesUnderWay > 0) {
            prepareNext(lane, known);
            return;
        }
        long notBefore = Math.max(lane.sendAfter, lane.startAfter);
        if (notBefore > task.now()) {
            task.wake(lane, notBefore);
            return;
        }
        boolean hasRows = lane.progress.queue().rows() > 0 || lane.ahead.rows() > 0;
        lane.onTrial = lane.sendFailures > 0;
        if (hasRows && !admission(lane).enter(known.target().organization(), lane.key)) {
            return;
        }
        if (hasRows && next(lane, known)) {
            return;
        }
        List<String> called =
                hasRows ? admission(lane).leave(known.target().organization()) : List.of();
        if (lane.progress.hasReadAll() && !lane.reading) {
            endRound(lane, known);
        }
        state.progress(lane.progress);
        task.call(called);
        task.enter(lane);
    }

    /** Who failed before goes where it can hang without taking threads of those in order. */
    private Admission admission(SyncLane lane) {
        return lane.onTrial ? trials : senders;
    }

    private long mostBytes(SyncLane lane) {
        return lane.onTrial ? settings.mostTrialBytes() : settings.mostPageBytes();
    }

    private boolean next(SyncLane lane, Known known) throws Exception {
        SentPage page = pages.next(lane, known, mostBytes(lane));
        if (page != null) {
            lane.pagesUnderWay++;
            start(lane, page);
        }
        return page != null;
    }

    /**
     * While a page of existing rows is under way the next one is laid ready, so that the target
     * does not wait for the task thread. It is sent only after the one before was taken. Not where
     * others wait for a thread, or changes for their turn.
     */
    private void prepareNext(SyncLane lane, Known known) throws Exception {
        boolean isTheirTurn = lane.progress.queue().rows() == 0 || !lane.existingWentLast;
        if (lane.pagesUnderWay > 1
                || !isTheirTurn
                || lane.ahead.rows() == 0
                || lane.onTrial
                || senders.hasWaiting()) {
            return;
        }
        SentPage page = pages.existing(lane, known, mostBytes(lane));
        if (page != null) {
            lane.pagesUnderWay++;
            lane.next.set(page);
        }
    }

    /** Hands a page to a worker thread, which goes on with what is laid ready meanwhile. */
    private void start(SyncLane lane, SentPage first) {
        lane.sentThisRound = true;
        if (lane.onTrial) {
            workers.tryToSend(() -> deliver(lane, first));
        } else {
            workers.send(() -> deliver(lane, first));
        }
    }

    private void deliver(SyncLane lane, SentPage first) {
        SentPage page = first;
        while (page != null) {
            SentPage sent = page;
            Outcome outcome =
                    lane.delivery.deliver(
                            sent.known().target(), sent.known().source(), sent.page());
            page = outcome.failure() == null ? lane.next.getAndSet(null) : null;
            task.mail(() -> ended(lane, sent, outcome));
        }
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
    private void ended(SyncLane lane, SentPage page, Outcome outcome) throws Exception {
        Known known = page.known();
        lane.pagesUnderWay--;
        if (outcome.failure() != null) {
            lane.forgetNext();
        }
        SentPage next = lane.next.getAndSet(null);
        if (next != null) {
            // It was laid ready after the worker had looked.
            start(lane, next);
        }
        List<String> called =
                lane.pagesUnderWay == 0
                        ? admission(lane).leave(known.target().organization())
                        : List.of();
        task.enter(lane);
        page.settling().accept(outcome);
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
