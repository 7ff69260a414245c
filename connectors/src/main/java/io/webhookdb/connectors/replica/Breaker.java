package io.webhookdb.connectors.replica;

import java.time.Duration;

/**
 * Stops attempts after a failure and lets one at a time through when the wait is over. The wait
 * doubles with every failure up to a limit. Times are milliseconds of whatever clock the caller
 * uses.
 */
final class Breaker {
    private final long firstWait;
    private final long longestWait;
    private int failures;
    private long retryAt;

    Breaker(Duration firstWait, Duration longestWait) {
        this.firstWait = firstWait.toMillis();
        this.longestWait = longestWait.toMillis();
    }

    /** Whether the last attempt passed. */
    boolean isClosed() {
        return failures == 0;
    }

    /** Whether another attempt may start while so many are under way. */
    boolean permits(long now, int underWay) {
        return isClosed() || (now >= retryAt && underWay == 0);
    }

    /** When the next attempt may start. */
    long retryAt() {
        return retryAt;
    }

    void succeeded() {
        failures = 0;
    }

    void failed(long now) {
        long wait = firstWait << Math.min(failures, 20);
        retryAt = now + Math.min(wait, longestWait);
        failures++;
    }

    /** The cause may be gone: try at once, still one at a time. */
    void retryNow() {
        retryAt = 0;
    }
}
