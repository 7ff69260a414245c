package io.webhookdb.ingest;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One token bucket per organization, which holds the requests of one second. */
final class RateLimits {
    private final int perSecond;
    private final Map<Long, Bucket> buckets = new ConcurrentHashMap<>();

    /**
     * Limits for this process; several processes behind one balancer each allow this much.
     *
     * @param perSecond requests; 0 is no limit
     */
    RateLimits(int perSecond) {
        this.perSecond = perSecond;
    }

    /** Counts one request: zero if it may pass, else how long to wait before the next try. */
    Duration take(long organization) {
        if (perSecond == 0) {
            return Duration.ZERO;
        }
        ConsumptionProbe probe =
                buckets.computeIfAbsent(organization, id -> bucket())
                        .tryConsumeAndReturnRemaining(1);
        return probe.isConsumed()
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(1, probe.getNanosToWaitForRefill()));
    }

    private Bucket bucket() {
        return Bucket.builder()
                .addLimit(
                        limit ->
                                limit.capacity(perSecond)
                                        .refillGreedy(perSecond, Duration.ofSeconds(1)))
                .build();
    }
}
