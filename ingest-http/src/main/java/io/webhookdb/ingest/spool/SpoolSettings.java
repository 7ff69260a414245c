package io.webhookdb.ingest.spool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * Where and how much is spooled.
 *
 * @param directory a folder of this process alone; made (mode 0700) where it is missing
 * @param limitBytes of all files together; what comes beyond is refused, the oldest is kept
 * @param after how long Kafka may take for an event before that event, and those after it, go to
 *     the spool
 */
public record SpoolSettings(Path directory, long limitBytes, Duration after) {
    /** 1 GiB: 17 minutes of 1,000 events a second of 1 kB. */
    public static final long DEFAULT_LIMIT_BYTES = 1L << 30;

    /** Longer than a garbage collection or a batch, shorter than any vendor's patience. */
    public static final Duration DEFAULT_AFTER = Duration.ofMillis(500);

    private static final long LEAST_BYTES = 1 << 20;
    private static final long MOST_BYTES = 1L << 44;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the setting, its value and what is allowed
     */
    public SpoolSettings {
        Objects.requireNonNull(directory, "directory");
        if (limitBytes < LEAST_BYTES || limitBytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "The spool's limit is %d bytes, allowed are %d to %d"
                            .formatted(limitBytes, LEAST_BYTES, MOST_BYTES));
        }
        if (after.toMillis() < 10 || after.toMillis() > 60_000) {
            throw new IllegalArgumentException(
                    "The spool begins after %d ms, allowed are 10 to 60000"
                            .formatted(after.toMillis()));
        }
    }

    /** With the default limit and patience. */
    public static SpoolSettings in(Path directory) {
        return new SpoolSettings(directory, DEFAULT_LIMIT_BYTES, DEFAULT_AFTER);
    }

    /** Small enough that the space of drained events is soon free, large enough to be few files. */
    long segmentBytes() {
        return Math.max(64 << 10, Math.min(64 << 20, limitBytes / 16));
    }
}
