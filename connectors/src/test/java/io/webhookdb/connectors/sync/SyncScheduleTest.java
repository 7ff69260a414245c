package io.webhookdb.connectors.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.sync.LaneProgress.Round;
import org.junit.jupiter.api.Test;

class SyncScheduleTest {
    private static final SyncSettings SETTINGS = SyncSettings.DEFAULT;

    @Test
    void syncsANewTargetAtOnce() {
        assertThat(SyncSchedule.dueAt(new Round(0, 0, 0), 600, 0)).isZero();
    }

    @Test
    void syncsAPeriodAfterTheLastStart() {
        assertThat(SyncSchedule.dueAt(new Round(1_000, 0, 2), 600, 2)).isEqualTo(601_000);
    }

    @Test
    void syncsAtOnceWhenAskedToSinceTheLastStart() {
        assertThat(SyncSchedule.dueAt(new Round(1_000, 0, 2), 600, 3)).isZero();
    }

    @Test
    void waitsLongerAfterEachFailureUpToALimit() {
        long first = SETTINGS.firstWait().toMillis();
        assertThat(SyncSchedule.backoff(SyncFailure.TRANSIENT, 1, SETTINGS)).isEqualTo(first);
        assertThat(SyncSchedule.backoff(SyncFailure.TRANSIENT, 3, SETTINGS)).isEqualTo(4 * first);
        assertThat(SyncSchedule.backoff(SyncFailure.TRANSIENT, 1_000, SETTINGS))
                .isEqualTo(SETTINGS.longestWait().toMillis());
    }

    @Test
    void waitsForSomeoneToMendAConfiguration() {
        assertThat(SyncSchedule.backoff(SyncFailure.CONFIGURATION, 1, SETTINGS))
                .isEqualTo(SETTINGS.configurationWait().toMillis());
    }
}
