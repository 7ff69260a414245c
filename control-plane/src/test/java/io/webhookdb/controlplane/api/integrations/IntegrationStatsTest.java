package io.webhookdb.controlplane.api.integrations;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.api.integrations.IntegrationStats.Minutes;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntegrationStatsTest {
    @Test
    void countsTheRejectedOfTheNewestTenRequests() {
        assertThat(rejectedOfLast(new Minutes(0, 4), new Minutes(5, 0), new Minutes(0, 90)))
                .isEqualTo(5);
        assertThat(rejectedOfLast(new Minutes(100, 0), new Minutes(0, 100))).isZero();
        assertThat(rejectedOfLast(new Minutes(0, 100), new Minutes(100, 0))).isEqualTo(10);
    }

    @Test
    void sharesOutAMinuteThatHoldsMoreThanTen() {
        assertThat(rejectedOfLast(new Minutes(70, 30))).isEqualTo(3);
        assertThat(rejectedOfLast(new Minutes(5, 0), new Minutes(40, 60))).isEqualTo(3);
    }

    @Test
    void knowsFewerThanTen() {
        IntegrationStats stats =
                IntegrationStats.of(
                        new Minutes(2, 1), List.of(new Minutes(2, 0), new Minutes(0, 1)));

        assertThat(stats.rejectedOfLast10()).isEqualTo(1);
        assertThat(stats.successfulOfLast10()).isEqualTo(2);
        assertThat(stats.rejectedPercentFormatted()).isEqualTo("33.3%");
        assertThat(stats.successPercentFormatted()).isEqualTo("66.7%");
    }

    private static long rejectedOfLast(Minutes... newest) {
        long received = 0;
        long rejected = 0;
        for (Minutes minute : newest) {
            received += minute.received();
            rejected += minute.rejected();
        }
        return IntegrationStats.of(new Minutes(received, rejected), List.of(newest))
                .rejectedOfLast10();
    }
}
