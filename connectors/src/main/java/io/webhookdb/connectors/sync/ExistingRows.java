package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.sync.LaneProgress.Round;
import io.webhookdb.connectors.sync.LaneTask.RoundEnd;
import io.webhookdb.connectors.sync.SyncContext.Known;
import java.util.List;

/**
 * Reads the rows a table already has, page by page and no faster than they are sent, and merges
 * them with the changes that come meanwhile. Only the task thread calls it.
 */
final class ExistingRows {
    private final LaneTask task;
    private final SyncSettings settings;
    private final SyncWorkers workers;
    private final ReplicaPages replica;
    private final LaneState state;
    private final PendingChanges pending;
    private final Admission readers;

    ExistingRows(
            LaneTask task,
            SyncSettings settings,
            SyncWorkers workers,
            ReplicaPages replica,
            LaneState state,
            PendingChanges pending) {
        this.task = task;
        this.settings = settings;
        this.workers = workers;
        this.replica = replica;
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
        if (lane.progress.queue().rows() >= settings.mostPendingWhileReading()
                || !readers.enter(known.target().organization(), lane.key)) {
            return;
        }
        lane.reading = true;
        long cursor = lane.progress.existing().cursor();
        workers.read(
                () -> {
                    try {
                        ReplicaPages.Read read =
                                replica.next(
                                        known.source(),
                                        cursor,
                                        lane.shard,
                                        settings.shards(),
                                        settings.readRows(),
                                        settings.mostPageBytes());
                        task.mail(() -> ended(lane, known, read, null));
                    } catch (SyncException e) {
                        task.mail(() -> ended(lane, known, null, e));
                    } catch (RuntimeException e) {
                        SyncException failure =
                                new SyncException(
                                        SyncFailure.CONFIGURATION,
                                        e.getClass().getSimpleName(),
                                        null,
                                        e);
                        task.mail(() -> ended(lane, known, null, failure));
                    }
                });
    }

    /** A page was read, or could not be. */
    private void ended(SyncLane lane, Known known, ReplicaPages.Read read, SyncException failure)
            throws Exception {
        lane.reading = false;
        List<String> called = readers.leave(known.target().organization());
        task.enter(lane);
        if (failure != null) {
            lane.readFailures++;
            lane.failed(known, "existing rows cannot be read", failure);
            lane.readAfter =
                    task.now()
                            + SyncSchedule.backoff(failure.failure(), lane.readFailures, settings);
        } else if (lane.progress.isReading()
                && lane.progress.existing().generation().equals(known.generation())) {
            lane.readFailures = 0;
            merge(lane, read);
            lane.reports.news();
        }
        task.pump(lane);
        task.report(lane, known, RoundEnd.NO);
        task.call(called);
    }

    private void merge(SyncLane lane, ReplicaPages.Read read) throws Exception {
        for (SyncRow row : read.rows()) {
            lane.take(pending.add(lane.progress.queue(), row, lane.memory()), task.now());
        }
        state.loaded(read.rows().size());
        lane.progress =
                lane.progress.with(lane.progress.existing().read(read.lastPk(), read.isLast()));
        if (lane.progress.hasReadAll()) {
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
}
