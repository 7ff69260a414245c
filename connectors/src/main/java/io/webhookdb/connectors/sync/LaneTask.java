package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.sync.SyncContext.Known;
import java.util.List;
import org.apache.flink.util.function.ThrowingRunnable;

/**
 * The task thread, as the parts of a sync operator use it. All but {@link #mail} is called on that
 * thread.
 */
interface LaneTask {
    /** Whether a round has just ended. */
    enum RoundEnd {
        YES,
        NO
    }

    /** Milliseconds since the epoch. */
    long now();

    /** Has the lane looked after again at that time. */
    void wake(SyncLane lane, long time);

    /** From a worker thread: what is to follow on the task thread. */
    void mail(ThrowingRunnable<Exception> end);

    /** Makes the lane's key current. */
    void enter(SyncLane lane);

    /** Starts whatever the lane, whose key is current, may start now. */
    void pump(SyncLane lane) throws Exception;

    /** The same for others that waited for room. */
    void call(List<String> lanes) throws Exception;

    /** Tells how the lane, whose key is current, stands, if there is something to tell. */
    void report(SyncLane lane, Known known, RoundEnd end) throws Exception;
}
