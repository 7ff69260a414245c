package io.webhookdb.connectors.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private final Breaker breaker = new Breaker(Duration.ofMillis(100), Duration.ofMillis(350));

    @Test
    void letsEverythingThroughUntilSomethingFails() {
        assertThat(breaker.permits(0, 5)).isTrue();
        breaker.failed(0);
        assertThat(breaker.permits(99, 0)).isFalse();
    }

    @Test
    void letsOneAttemptThroughWhenTheWaitIsOver() {
        breaker.failed(0);
        assertThat(breaker.permits(100, 0)).isTrue();
        assertThat(breaker.permits(100, 1)).isFalse();
    }

    @Test
    void doublesTheWaitUpToItsLimit() {
        breaker.failed(0);
        breaker.failed(1000);
        assertThat(breaker.retryAt()).isEqualTo(1200);
        for (int i = 0; i < 100; i++) {
            breaker.failed(2000);
        }
        assertThat(breaker.retryAt()).isEqualTo(2350);
    }

    @Test
    void forgetsItsFailuresAfterASuccess() {
        breaker.failed(0);
        breaker.failed(0);
        breaker.succeeded();
        assertThat(breaker.isClosed()).isTrue();
        breaker.failed(0);
        assertThat(breaker.retryAt()).isEqualTo(100);
    }

    @Test
    void triesAtOnceWhenToldThatTheCauseMayBeGone() {
        breaker.failed(0);
        breaker.retryNow();
        assertThat(breaker.permits(1, 0)).isTrue();
        assertThat(breaker.isClosed()).isFalse();
    }
}
