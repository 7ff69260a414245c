package io.webhookdb.connectors.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LingerTest {
    private final Linger linger = new Linger(Duration.ofMillis(50), 1000);

    @Test
    void sendsTheFirstRowAfterAPauseAtOnce() {
        assertThat(linger.millis(1000, 51)).isZero();
    }

    @Test
    void letsABusyTableFillItsBatch() {
        assertThat(linger.millis(500, 0)).isEqualTo(50);
        assertThat(linger.millis(1000, 0)).isEqualTo(50);
    }

    @Test
    void hardlyWaitsForATableWithFewRows() {
        assertThat(linger.millis(1, 0)).isZero();
        assertThat(linger.millis(100, 0)).isEqualTo(10);
    }
}
