package io.webhookdb.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
    @Test
    void letsASecondsWorthPassAtOnceAndNamesTheWait() {
        RateLimits limits = new RateLimits(1);

        assertThat(limits.take(1)).isZero();
        assertThat(limits.take(1)).isBetween(Duration.ofMillis(1), Duration.ofSeconds(1));
        assertThat(limits.take(2)).isZero();
    }

    @Test
    void zeroIsNoLimit() {
        RateLimits limits = new RateLimits(0);

        assertThat(IntStream.range(0, 10_000).mapToObj(i -> limits.take(1)))
                .allMatch(Duration::isZero);
    }
}
