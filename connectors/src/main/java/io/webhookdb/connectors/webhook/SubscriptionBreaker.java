package io.webhookdb.connectors.webhook;

import java.time.Duration;

/**
 * Keeps first attempts away from a receiver that has been failing: after {@value #FAILURES}
 * failures in a row they are put off, one at a time let through when the wait is over. Retries
 * pass, since their schedule is slower already. Thread-safe. Times are milliseconds of any steady
 * clock.
 */
final class SubscriptionBreaker {
    static final int FAILURES = 10;
    private static final long FIRST_WAIT = Duration.ofSeconds(2).toMillis();
    private static final long LONGEST_WAIT = Duration.ofMinutes(1).toMillis();

    private int failures;
    private long retryAt;

    /** How long a first attempt is to wait; zero if it may be made now. */
    synchronized Duration holdBack(long now) {
        if (failures < FAILURES) {
            return Duration.ZERO;
        }
        if (now >= retryAt) {
            // This one tries; the others wait for what comes of it.
            retryAt = now + FIRST_WAIT;
            return Duration.ZERO;
        }
        return Duration.ofMillis(retryAt - now);
    }

    synchronized void passed() {
        failures = 0;
    }

    synchronized void failed(long now) {
        failures++;
        if (failures >= FAILURES) {
            int doublings = Math.min(failures - FAILURES, 10);
            retryAt = now + Math.min(FIRST_WAIT << doublings, LONGEST_WAIT);
        }
    }
}
