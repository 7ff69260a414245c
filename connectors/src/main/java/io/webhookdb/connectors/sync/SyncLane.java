package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.sync.SyncContext.Known;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** What the heap knows of one lane. Only the task thread touches it. */
final class SyncLane {
    private static final Logger LOGGER = LoggerFactory.getLogger(SyncLane.class);

    final String key;
    final LaneTarget target;
    final int shard;
    final Delivery delivery;
    final ReplicaReader reader;
    final SyncReports reports;
    LaneProgress progress;

    /** Pages handed to a worker thread and not heard of yet. */
    int pagesUnderWay;

    /** The page a worker thread may send after the one it sends now. */
    final AtomicReference<SentPage> next = new AtomicReference<>();

    /** Whether what is under way is sent by a thread for those that failed before. */
    boolean onTrial;

    /** Whether existing rows went last. */
    boolean existingWentLast;

    /** Whether {@link #reader} may have a session. */
    boolean hasReader;

    boolean reading;

    /** Whether what is read of existing rows was read before, and some of it is at the target. */
    boolean readsAgain;

    boolean sentThisRound;

    /** Existing rows that were read; the lane holds a place among those that have some. */
    ReadAhead ahead = new ReadAhead();

    boolean holding;

    /** Lanes that may load now, to be called when this one is done with. */
    final List<String> called = new ArrayList<>();

    int sendFailures;
    int readFailures;
    long sendAfter;

    /** Nothing is sent before. */
    long startAfter;

    long readAfter;
    long wakeAt = Long.MAX_VALUE;

    /** No pending row came before; 0 if none is pending. */
    long pendingSince;

    String failure;

    SyncLane(String key, LaneProgress progress, Delivery delivery, ReplicaReader reader) {
        this.key = key;
        int slash = key.lastIndexOf('/');
        this.target = LaneTarget.parse(key.substring(0, slash));
        this.shard = Integer.parseInt(key.substring(slash + 1));
        this.progress = progress;
        this.delivery = delivery;
        this.reader = reader;
        this.reports = new SyncReports(target.target(), shard, target.lanes().count());
        this.pendingSince = progress.queue().rows() == 0 ? 0 : progress.round().startedAt();
    }

    PendingChanges.Memory memory() {
        return progress.hasReadAll() ? PendingChanges.Memory.NONE : PendingChanges.Memory.KEEPS;
    }

    /** The queue after a row was taken in. */
    void take(LaneProgress.Queue queue, long now) {
        if (progress.queue().rows() == 0 && queue.rows() > 0) {
            pendingSince = now;
        }
        progress = progress.with(queue);
    }

    /** How many lanes the target has. */
    int count(SyncSettings settings) {
        return LaneTarget.count(target.text(), settings.shards());
    }

    /** The page that was to follow is not sent after all. */
    void forgetNext() {
        if (next.getAndSet(null) != null) {
            pagesUnderWay--;
        }
    }

    int failures() {
        return Math.max(sendFailures, readFailures);
    }

    /** Someone changed something: waits after failures are over. */
    void retryNow() {
        sendFailures = 0;
        readFailures = 0;
        sendAfter = 0;
        readAfter = 0;
    }

    /** Notes why something went wrong, and says so. */
    void failed(Known known, String what, SyncException why) {
        failure = why.getMessage();
        reports.news();
        long organization = known.target().organization();
        MDC.put("organization", Long.toString(organization));
        try {
            LOGGER.warn(
                    "Organization {}, sync target {}: {}, {} failure, tried again later: {}",
                    organization,
                    target.text(),
                    what,
                    why.failure(),
                    why.getMessage());
        } finally {
            MDC.remove("organization");
        }
    }
}
