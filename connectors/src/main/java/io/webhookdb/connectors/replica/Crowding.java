package io.webhookdb.connectors.replica;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long rows wait for company while there are more busy databases than connections. Then a batch
 * needs a login, and a login costs as much as a hundred rows; so rows wait longer the more logins
 * there were, until there are few enough, and less again when they have become fewer. Times are
 * milliseconds of the caller's clock. {@link #roomMade} may be called by any thread, the rest by
 * one.
 */
final class Crowding {
    /** A quarter of a processor, roughly. */
    static final int MOST_LOGINS = 25;

    static final long LONGEST_MILLIS = 5_000;

    private static final long WINDOW_MILLIS = 1_000;
    private static final long FIRST_MILLIS = 100;

    private final AtomicInteger logins = new AtomicInteger();
    private long windowSince = Long.MIN_VALUE / 2;
    private long linger;

    /** A connection was closed so that another database could have one. */
    void roomMade() {
        logins.incrementAndGet();
    }

    /** What a batch that is not full waits at least; 0 if there is room for all. */
    long millis(long now) {
        long passed = now - windowSince;
        if (passed >= WINDOW_MILLIS) {
            adjust(logins.getAndSet(0) * (double) WINDOW_MILLIS / passed);
            windowSince = now;
        }
        return linger;
    }

    private void adjust(double rate) {
        if (rate > MOST_LOGINS) {
            linger = Math.min(LONGEST_MILLIS, Math.max(FIRST_MILLIS, linger * 2));
        } else if (rate < MOST_LOGINS / 2.0) {
            linger = linger <= FIRST_MILLIS ? 0 : linger * 3 / 4;
        }
    }
}
