package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.sync.LaneProgress.Round;
import io.webhookdb.connectors.sync.LaneTask.RoundEnd;
import io.webhookdb.connectors.sync.SyncContext.Known;
import io.webhookdb.schemas.control.SyncTargetControl.Kind;
import java.util.List;

/**
 * Reads the rows a table already has, page by page and no faster than they are sent, while changes
 * go on. A row that changes meanwhile is sent in its newest version only. Only the task thread
 * calls it.
 */
final class ExistingRows {
    /** Lanes that may hold rows in the heap at once; each holds two pages at most. */
    private static final int MOST_HOLDERS = 32;

    private static final int MOST_HOLDERS_OF_ORGANIZATION = 4;
    private static final long MOST_CHUNK_BYTES = 4L << 20;

    private final LaneTask task;
    private final SyncSettings settings;
    private final SyncWorkers workers;
    private final LaneState state;
    private final PendingChanges pending;
    private final Admission readers;
    private final Admission holders = new Admission(MOST_HOLDERS, MOST_HOLDERS_OF_ORGANIZATION);

    ExistingRows(
            LaneTask task,
            SyncSettings settings,
            SyncWorkers workers,
            LaneState state,
            PendingChanges pending) {
        this.task = task;
        this.settings = settings;
        this.workers = workers;
        this.state = state;
        this.pending = pending;
        this.readers = new Admission(settings.readThreads(), settings.perOrganization());
    }

    /** Reads the next page, unless the lane has to wait. */
    void read(SyncLane lane, Known known) {
        if (lane.readAfter > task.now()) {
            task.wake(lane, lane.readAfter);
            return;
        }
        boolean isEnough =
                !lane.called.isEmpty()
                        || lane.ahead.hasAll()
                        || lane.ahead.rows() >= readRows(known)
                        || (!lane.ahead.isEmpty() && holders.hasWaiting())
                        || lane.progress.queue().rows() >= settings.mostPendingWhileReading();
        if (isEnough) {
            return;
        }
        if (!mayHold(lane, known)) {
            // Thousands may wait for their turn to load; none of them needs a session meanwhile.
            restReader(lane);
            return;
        }
        if (!readers.enter(known.target().organization(), lane.key)) {
            return;
        }
        lane.reading = true;
        lane.hasReader = true;
        ReadAhead ahead = lane.ahead;
        ahead.ask();
        long cursor = ahead.cursor(lane.progress.existing().cursor());
        workers.read(
                () -> {
                    try {
                        ReplicaPages.Read read =
                                lane.reader.next(
                                        known.source(),
                                        cursor,
                                        lane.shard,
                                        lane.count(settings),
                                        readRows(known),
                                        MOST_CHUNK_BYTES);
                        task.mail(() -> ended(lane, known, ahead, read, null));
                    } catch (SyncException e) {
                        task.mail(() -> ended(lane, known, ahead, null, e));
                    } catch (RuntimeException e) {
                        SyncException failure =
                                new SyncException(
                                        SyncFailure.CONFIGURATION,
                                        e.getClass().getSimpleName(),
                                        null,
                                        e);
                        task.mail(() -> ended(lane, known, ahead, null, failure));
                    }
                });
    }

    private boolean mayHold(SyncLane lane, Known known) {
        if (!lane.holding) {
            lane.holding = holders.enter(known.target().organization(), lane.key);
        }
        return lane.holding;
    }

    /** A page was read, or could not be. */
    private void ended(
            SyncLane lane,
            Known known,
            ReadAhead ahead,
            ReplicaPages.Read read,
            SyncException failure)
            throws Exception {
        lane.reading = false;
        List<String> called = readers.leave(known.target().organization());
        task.enter(lane);
        if (failure != null) {
            ahead.askedInVain();
            lane.readFailures++;
            lane.failed(known, "existing rows cannot be read", failure);
            lane.readAfter =
                    task.now()
                            + SyncSchedule.backoff(failure.failure(), lane.readFailures, settings);
        } else if (ahead == lane.ahead && lane.progress.isReading()) {
            lane.readFailures = 0;
            ahead.add(read);
            lane.reports.news();
        }
        finish(lane, known);
        task.pump(lane);
        task.report(lane, known, RoundEnd.NO);
        task.call(called);
    }

    /** What a page takes is read at once. */
    private int readRows(Known known) {
        return Math.max(settings.readRows(), known.target().pageSize());
    }

    /** A receiver's page is what it asked for; others get as many rows as are at hand. */
    private int mostRows(Known known) {
        return known.target().kind() == Kind.HTTP
                ? Math.max(1, known.target().pageSize())
                : readRows(known);
    }

    /** The next rows to send that no change has overtaken. */
    ReadAhead.Taken take(SyncLane lane, Known known, long mostBytes) throws Exception {
        ReadAhead.Taken taken =
                lane.ahead.take(
                        mostRows(known),
                        mostBytes,
                        row ->
                                !(lane.readsAgain && pending.isThere(row))
                                        && pending.wantsExisting(lane.progress.queue(), row));
        finish(lane, known);
        return taken;
    }

    /** What {@link #take} gave was sent, as far as it was. */
    void sent(
            SyncLane lane,
            Known known,
            ReadAhead ahead,
            ReadAhead.Taken taken,
            Delivery.Outcome outcome)
            throws Exception {
        if (ahead != lane.ahead) {
            return;
        }
        if (outcome.failure() == null) {
            ahead.settle(taken);
        } else {
            // Others may load meanwhile; it is read again.
            lane.ahead = new ReadAhead();
            lane.readsAgain = true;
            restReader(lane);
        }
        for (SyncRow row : outcome.settled()) {
            pending.existingIsThere(lane.progress.queue(), row);
        }
        finish(lane, known);
    }

    /** The target has these changes: what was read before they were made must not follow them. */
    void overtaken(SyncLane lane, Known known, List<SyncRow> changes) {
        if (lane.progress.isReading() && lane.ahead.overtake(changes)) {
            forget(lane, known);
        }
    }

    /** The cursor moves over what the target has. */
    private void finish(SyncLane lane, Known known) throws Exception {
        for (ReadAhead.Done done = lane.ahead.finish(); done != null; done = lane.ahead.finish()) {
            lane.readsAgain = false;
            state.loaded(done.rows());
            lane.progress =
                    lane.progress.with(lane.progress.existing().read(done.lastPk(), done.isLast()));
            if (lane.progress.hasReadAll()) {
                restReader(lane);
                state.forgetAcknowledged();
                Round round = lane.progress.round();
                lane.progress =
                        lane.progress.with(
                                new Round(
                                        round.startedAt(),
                                        Math.max(1, lane.progress.queue().tail()),
                                        round.triggers()));
            }
        }
        release(lane, known.target().organization());
    }

    private void restReader(SyncLane lane) {
        if (lane.hasReader) {
            lane.hasReader = false;
            workers.read(lane.reader::rest);
        }
    }

    /** Lets others load, if this lane holds nothing. */
    private void release(SyncLane lane, long organization) {
        if (lane.holding && lane.ahead.isEmpty() && !lane.reading) {
            lane.holding = false;
            lane.called.addAll(holders.leave(organization));
        }
    }

    /** What was read is of another table by now, or nobody wants it. */
    void forget(SyncLane lane, Known known) {
        forget(lane, known.target().organization());
    }

    void forget(SyncLane lane, long organization) {
        lane.ahead = new ReadAhead();
        lane.forgetNext();
        restReader(lane);
        release(lane, organization);
    }
}
