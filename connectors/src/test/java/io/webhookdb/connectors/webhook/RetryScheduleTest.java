package io.webhookdb.connectors.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RetryScheduleTest {
    private static final Duration NOT_ASKED = Duration.ZERO;

    @Test
    void triesEightTimesByDefault() {
        RetrySchedule schedule = RetrySchedule.parse("");

        assertThat(schedule.after(1, NOT_ASKED, 0)).contains(Duration.ofSeconds(5));
        assertThat(schedule.after(2, NOT_ASKED, 0)).contains(Duration.ofMinutes(5));
        assertThat(schedule.after(7, NOT_ASKED, 0)).contains(Duration.ofHours(10));
        assertThat(schedule.after(8, NOT_ASKED, 0)).isEmpty();
    }

    @Test
    void addsAtMostAFifth() {
        RetrySchedule schedule = RetrySchedule.parse("10s");

        assertThat(schedule.after(1, NOT_ASKED, 1)).contains(Duration.ofSeconds(12));
    }

    @Test
    void waitsAsLongAsTheReceiverAsked() {
        RetrySchedule schedule = RetrySchedule.parse("5s, 5s");

        assertThat(schedule.after(1, Duration.ofSeconds(30), 0)).contains(Duration.ofSeconds(30));
        assertThat(schedule.after(1, Duration.ofSeconds(1), 0)).contains(Duration.ofSeconds(5));
        assertThat(schedule.after(1, Duration.ofDays(99), 0)).contains(Duration.ofHours(24));
    }

    @Test
    void namesWhatIsNoWait() {
        assertThatThrownBy(() -> RetrySchedule.parse("5s,soon"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"soon\"")
                .hasMessageContaining("ms, s, m, h, d");
    }
}
