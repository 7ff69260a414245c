package io.webhookdb.connectors.statefun;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimeoutsTest {
    private final Timeouts timeouts =
            new Timeouts(
                    task -> {
                        Thread thread = new Thread(task, "timeouts");
                        thread.setDaemon(true);
                        return thread;
                    });

    @AfterEach
    void close() {
        timeouts.close();
    }

    @Test
    void saysWhenTheTimeIsOverAndNotBefore() throws Exception {
        long start = System.nanoTime();
        CompletableFuture<Long> over = new CompletableFuture<>();
        Timeouts.Limit limit =
                timeouts.start(Duration.ofMillis(150), () -> over.complete(System.nanoTime()));
        assertThat(limit.isEnded()).isFalse();
        assertThat(over.get(20, TimeUnit.SECONDS) - start).isGreaterThanOrEqualTo(150_000_000L);
        assertThat(limit.isEnded()).isTrue();
    }

    @Test
    void saysNothingOfACallThatEnded() throws Exception {
        AtomicBoolean wrong = new AtomicBoolean();
        timeouts.start(Duration.ofMillis(50), () -> wrong.set(true)).end();
        CompletableFuture<Void> later = new CompletableFuture<>();
        timeouts.start(Duration.ofMillis(50), () -> later.complete(null));
        later.get(20, TimeUnit.SECONDS);
        assertThat(wrong).isFalse();
    }

    @Test
    void longLimitsHoldUpNoShortOnesAndNoneIsLostToAFailure() throws Exception {
        timeouts.start(Duration.ofHours(1), () -> {});
        timeouts.start(
                Duration.ofMillis(10),
                () -> {
                    throw new IllegalStateException("expected");
                });
        CompletableFuture<Void> after = new CompletableFuture<>();
        timeouts.start(Duration.ofMillis(10), () -> after.complete(null));
        after.get(20, TimeUnit.SECONDS);
    }
}
