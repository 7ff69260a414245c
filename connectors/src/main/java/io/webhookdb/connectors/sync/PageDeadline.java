package io.webhookdb.connectors.sync;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends from outside what a target does for too long. Drivers have timeouts of their own, but one
 * that gets a byte now and then, or tries again by itself, may never come to them.
 */
final class PageDeadline implements AutoCloseable {
    /** Longer than any timeout of a driver of ours. */
    static final Duration USUAL = Duration.ofMinutes(5);

    private final Duration longest;
    private final ScheduledThreadPoolExecutor clock;

    PageDeadline(Duration longest) {
        this.longest = longest;
        this.clock = new ScheduledThreadPoolExecutor(1, work -> daemon(work, "sync-deadline"));
        clock.setRemoveOnCancelPolicy(true);
    }

    /**
     * Has the target give up what it does by then.
     *
     * @return to be ended when it is done
     */
    Watch watch(SyncTarget target) {
        AtomicBoolean told = new AtomicBoolean();
        Future<?> end =
                clock.schedule(
                        () -> {
                            told.set(true);
                            // Not on this thread: to end a session may be a call, too.
                            daemon(target::abort, "sync-abort").start();
                        },
                        longest.toMillis(),
                        TimeUnit.MILLISECONDS);
        return new Watch(end, told);
    }

    /**
     * Over one page.
     *
     * @param timer tells it
     * @param told whether the target was told to give up
     */
    record Watch(Future<?> timer, AtomicBoolean told) {
        boolean hasPassed() {
            return told.get();
        }

        void end() {
            timer.cancel(false);
        }
    }

    /** What is said of a page that was ended. */
    SyncException passed(SyncException end) {
        return new SyncException(
                SyncFailure.TRANSIENT,
                "The target did not take the page within "
                        + longest.toSeconds()
                        + " seconds, so the attempt was ended: "
                        + end.getMessage(),
                end.sqlState(),
                end);
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        // Pages under way end by it all the same.
        clock.shutdown();
    }
}
