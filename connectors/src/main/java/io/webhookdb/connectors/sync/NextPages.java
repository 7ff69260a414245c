package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.sync.Delivery.Outcome;
import io.webhookdb.connectors.sync.PendingChanges.Memory;
import io.webhookdb.connectors.sync.PendingChanges.Page;
import io.webhookdb.connectors.sync.SyncContext.Known;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;

/** Says what a lane sends next, and what it means that it was taken. */
final class NextPages {
    private final PendingChanges pending;
    private final ExistingRows existing;

    NextPages(PendingChanges pending, ExistingRows existing) {
        this.pending = pending;
        this.existing = existing;
    }

    /**
     * Existing rows or changes, by turns where there are both.
     *
     * @param mostBytes limit of the page's weight
     * @return null if there is nothing to send
     */
    SentPage next(SyncLane lane, Known known, long mostBytes) throws Exception {
        return lane.existingWentLast
                ? either(changes(lane, known, mostBytes), () -> existing(lane, known, mostBytes))
                : either(existing(lane, known, mostBytes), () -> changes(lane, known, mostBytes));
    }

    private static SentPage either(SentPage first, Callable<SentPage> second) throws Exception {
        return first != null ? first : second.call();
    }

    /** A page of existing rows; null if there are none to send. */
    SentPage existing(SyncLane lane, Known known, long mostBytes) throws Exception {
        while (lane.ahead.rows() > 0) {
            ReadAhead ahead = lane.ahead;
            ReadAhead.Taken taken = existing.take(lane, known, mostBytes);
            if (!taken.rows().isEmpty()) {
                lane.existingWentLast = true;
                return new SentPage(
                        known,
                        page(lane, known, taken.rows()),
                        outcome -> existing.sent(lane, known, ahead, taken, outcome));
            }
        }
        return null;
    }

    private SentPage changes(SyncLane lane, Known known, long mostBytes) throws Exception {
        Page page =
                pending.page(
                        lane.progress.queue(),
                        lane.progress.isReading() ? Long.MAX_VALUE : lane.progress.round().end(),
                        Math.max(1, known.target().pageSize()),
                        mostBytes);
        lane.progress = lane.progress.with(page.queue());
        if (page.rows().isEmpty()) {
            return null;
        }
        lane.existingWentLast = false;
        return new SentPage(
                known, page(lane, known, page.rows()), outcome -> settle(lane, known, outcome));
    }

    private void settle(SyncLane lane, Known known, Outcome outcome) throws Exception {
        // What was sent in another form is no news of the form it has now.
        boolean isSame = lane.progress.existing().generation().equals(known.generation());
        lane.progress =
                lane.progress.with(
                        pending.settle(
                                lane.progress.queue(),
                                outcome.settled(),
                                isSame ? lane.memory() : Memory.NONE));
        if (isSame) {
            existing.overtaken(lane, known, outcome.settled());
        }
    }

    private static SyncPage page(SyncLane lane, Known known, List<SyncRow> rows) {
        return new SyncPage(
                known.table(), rows, Instant.ofEpochMilli(lane.progress.round().startedAt()));
    }
}
