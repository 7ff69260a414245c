package io.webhookdb.connectors.statefun;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Limits of many calls that nearly all end before. Of each length there is one queue, looked at ten
 * times a second: a timer for each call would be put in order, and taken out of it, for nothing.
 * Limits are up to a tenth of a second late. Thread-safe.
 */
public final class Timeouts implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(100);

    private final Map<Duration, Queue<Limit>> queues = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock;

    /**
     * @param threads makes the one thread that limits end on
     */
    public Timeouts(ThreadFactory threads) {
        clock = Executors.newSingleThreadScheduledExecutor(threads);
        lookSoon();
    }

    private void lookSoon() {
        try {
            clock.schedule(this::lookAtAll, TICK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // Closed.
            return;
        }
    }

    /** The limit of one call. */
    public static final class Limit {
        private final long at;
        private volatile Runnable over;
        private volatile boolean ended;

        private Limit(long at, Runnable over) {
            this.at = at;
            this.over = over;
        }

        /** Ends it; a call that ended needs none and is held by it no longer. */
        public void end() {
            ended = true;
            over = null;
        }

        /** Whether the call ended or its time is over. */
        public boolean isEnded() {
            return ended;
        }

        private boolean isPassed(long now) {
            if (ended) {
                return true;
            }
            if (now - at < 0) {
                return false;
            }
            Runnable then = over;
            end();
            if (then != null) {
                then.run();
            }
            return true;
        }
    }

    /**
     * Begins a limit.
     *
     * @param length one of few different ones
     * @param over called once if nobody {@link Limit#end}s it before; must not wait
     */
    public Limit start(Duration length, Runnable over) {
        Limit limit = new Limit(System.nanoTime() + length.toNanos(), over);
        queues.computeIfAbsent(length, any -> new ConcurrentLinkedQueue<>()).add(limit);
        return limit;
    }

    private void lookAtAll() {
        try {
            long now = System.nanoTime();
            queues.values().forEach(queue -> look(queue, now));
        } finally {
            lookSoon();
        }
    }

    private static void look(Queue<Limit> queue, long now) {
        Limit oldest = queue.peek();
        while (oldest != null && oldest.isPassed(now)) {
            queue.remove();
            oldest = queue.peek();
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
