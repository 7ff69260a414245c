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

    @Test
    void letsWhatIsLateWaitHalfAsLongAgain() {
        assertThat(Linger.whenLate(Linger.LATE_MILLIS, 10)).isZero();
        assertThat(Linger.whenLate(Linger.LATE_MILLIS + 1_000, 10)).isEqualTo(500);
    }

    @Test
    void waitsTheLongerTheMoreTablesThereAre() {
        long hours = 10_000_000;
        assertThat(Linger.whenLate(hours, 1)).isEqualTo(Linger.LONGEST_WHEN_LATE_MILLIS);
        assertThat(Linger.whenLate(hours, 300)).isEqualTo(18_000);
        assertThat(Linger.whenLate(hours, 2_000)).isEqualTo(Linger.LONGEST_OF_MANY_MILLIS);
    }
}
