package io.webhookdb.connectors.webhook;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Optional;

/**
 * A subscription's rate limit: this subtask's share of a token bucket that holds what a second
 * allows. Thread-safe.
 */
final class Pace {
    /** No limit. */
    static final Pace UNLIMITED = new Pace(Optional.empty());

    private final Optional<Bucket> bucket;

    private Pace(Optional<Bucket> bucket) {
        this.bucket = bucket;
    }

    /**
     * @param perSecond POSTs a second of all subtasks together; 0 for no limit
     * @param subtasks how many share it; a subtask whose share the deliveries do not use up leaves
     *     it unused, so that the limit is never exceeded
     */
    static Pace of(int perSecond, int subtasks) {
        if (perSecond == 0) {
            return UNLIMITED;
        }
        return new Pace(
                Optional.of(
                        Bucket.builder()
                                .addLimit(
                                        limit ->
                                                limit.capacity(Math.max(1, perSecond / subtasks))
                                                        .refillGreedy(
                                                                perSecond,
                                                                Duration.ofSeconds(subtasks)))
                                .build()));
    }

    /**
     * Takes a place.
     *
     * @param furthest how far ahead a place may be taken
     * @return how long to wait for it, zero for not at all; more than {@code furthest} if none was
     *     taken
     */
    Duration take(Duration furthest) {
        if (bucket.isEmpty()) {
            return Duration.ZERO;
        }
        Bucket tokens = bucket.get();
        Duration wait =
                Duration.ofNanos(tokens.estimateAbilityToConsume(1).getNanosToWaitForRefill());
        return wait.compareTo(furthest) > 0
                ? wait
                : Duration.ofNanos(tokens.consumeIgnoringRateLimits(1));
    }
}
