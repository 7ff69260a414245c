package io.webhookdb.connectors.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SubscriptionBreakerTest {
    private final SubscriptionBreaker breaker = new SubscriptionBreaker();

    private void fail(int times, long now) {
        for (int i = 0; i < times; i++) {
            breaker.failed(now);
        }
    }

    @Test
    void toleratesAFewFailures() {
        fail(SubscriptionBreaker.FAILURES - 1, 0);

        assertThat(breaker.holdBack(0)).isZero();
    }

    @Test
    void letsOneThroughWhenTheWaitIsOver() {
        fail(SubscriptionBreaker.FAILURES, 0);

        long wait = breaker.holdBack(0).toMillis();
        assertThat(wait).isPositive();
        assertThat(breaker.holdBack(wait)).isZero();
        assertThat(breaker.holdBack(wait)).isPositive();
    }

    @Test
    void closesWithTheFirstSuccess() {
        fail(SubscriptionBreaker.FAILURES, 0);
        breaker.passed();

        assertThat(breaker.holdBack(0)).isZero();
    }

    @Test
    void waitsNoLongerThanAMinute() {
        fail(1000, 0);

        assertThat(breaker.holdBack(0)).hasMinutes(1);
    }
}
