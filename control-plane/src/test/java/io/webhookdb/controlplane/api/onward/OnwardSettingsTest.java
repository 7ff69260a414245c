package io.webhookdb.controlplane.api.onward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OnwardSettingsTest {
    @Test
    void takesPeriodsFromASecondToADay() {
        assertThat(OnwardSettings.of("", 1).minSyncPeriod()).isEqualTo(1);
        assertThat(OnwardSettings.of("", 86_400).minSyncPeriod()).isEqualTo(86_400);
        for (int period : new int[] {-1, 0, 86_401}) {
            assertThatThrownBy(() -> OnwardSettings.of("", period))
                    .hasMessageContaining("WEBHOOKDB_MIN_SYNC_PERIOD is " + period)
                    .hasMessageContaining("1 to 86400");
        }
    }
}
