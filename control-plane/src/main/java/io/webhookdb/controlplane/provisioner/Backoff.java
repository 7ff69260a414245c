package io.webhookdb.controlplane.provisioner;

import java.time.Duration;

/** How long to wait after so many failures in a row: from one second, doubling, to a minute. */
final class Backoff {
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private Backoff() {}

    static Duration after(int failures) {
        int doublings = Math.max(0, Math.min(failures - 1, 6));
        Duration wait = Duration.ofSeconds(1L << doublings);
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
