package io.webhookdb.connectors.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SchedulesTest {
    @Test
    void spreadsFirstRunsOverThePeriod() {
        long distinct =
                java.util.stream.IntStream.range(0, 100)
                        .mapToLong(i -> Schedules.first("svi_" + i, 60_000, 1_000_000) / 1_000)
                        .peek(at -> assertThat(at).isBetween(1_000L, 1_060L))
                        .distinct()
                        .count();
        assertThat(distinct).isGreaterThan(30);
        assertThat(Schedules.first("svi_1", 60_000, 7))
                .isEqualTo(Schedules.first("svi_1", 60_000, 7));
    }

    @Test
    void keepsItsBeatAndDoesNotMakeUpForMissedRuns() {
        assertThat(Schedules.next("svi_1", 1_000, 60_000, 1_500)).isEqualTo(61_000);
        assertThat(Schedules.next("svi_1", 1_000, 60_000, 200_000)).isEqualTo(241_000);
    }

    @Test
    void putsWholeDaysIntoTheNight() {
        long day = 86_400_000;
        long noon = 20_000 * day + day / 2;
        for (int i = 0; i < 50; i++) {
            String integration = "svi_" + i;
            long first = Schedules.first(integration, day, noon);
            assertThat(first).isBetween(20_001 * day, 20_001 * day + 5 * 3_600_000);
            // One that was due at noon, before the period was changed.
            assertThat(Schedules.next(integration, noon, day, noon)).isEqualTo(first);
            assertThat(Schedules.next(integration, first, day, first + 5)).isEqualTo(first + day);
            assertThat(Schedules.next(integration, first, 7 * day, first + 5))
                    .isEqualTo(first + 7 * day);
        }
    }

    @Test
    void doublesTheWaitUpToTheLongest() {
        Duration first = Duration.ofSeconds(1);
        Duration longest = Duration.ofSeconds(60);
        for (int failures = 1; failures < 80; failures++) {
            long doubled = failures > 7 ? 60_000 : Math.min(60_000, 1_000L << (failures - 1));
            assertThat(Schedules.backoff(failures, first, longest, failures))
                    .isBetween(doubled / 2, doubled);
        }
    }

    @Test
    void countsRequestsByDay() {
        AccountNote note = AccountNote.NEW;
        long day = 20_000L * 86_400_000;
        for (int i = 0; i < 10; i++) {
            assertThat(note.mayAskAt(day + i, 10)).isLessThanOrEqualTo(day + i);
            note = note.counted(day + i);
        }
        assertThat(note.mayAskAt(day + 50, 10)).isEqualTo(day + 86_400_000);
        assertThat(note.mayAskAt(day + 86_400_000, 10)).isZero();
        assertThat(note.counted(day + 86_400_000).requests()).isEqualTo(1);
        assertThat(note.mayAskAt(day + 50, 0)).isZero();
    }
}
