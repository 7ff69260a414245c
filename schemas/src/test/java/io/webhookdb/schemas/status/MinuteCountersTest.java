package io.webhookdb.schemas.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MinuteCountersTest {
    private static final long MINUTE = 60_000;
    private static final long NOW = 1_000 * MINUTE;

    private final MinuteCounters counters = new MinuteCounters("part/0/run", 3);

    @Test
    void reportsNothingWhereNothingHappened() {
        counters.of(1, "svi_1", NOW);
        assertThat(counters.changed(NOW)).isEmpty();
    }

    @Test
    void aLaterReportOfAMinuteHoldsTheEarlierOne() {
        counters.of(7, "svi_1", NOW).received(10);
        assertThat(counters.changed(NOW + 1))
                .containsExactly(
                        new IntegrationMinute(
                                7, "svi_1", 1_000, "part/0/run", 1, 0, 0, 0, 0, 0, 10, 0, 0, 0));
        assertThat(counters.changed(NOW + 2)).isEmpty();

        counters.of(7, "svi_1", NOW + 3).received(5);
        counters.of(7, "svi_1", NOW + 3).applied(44);
        counters.of(7, "svi_1", NOW + 3).latency(9);
        counters.of(7, "svi_1", NOW + 3).latency(2);
        assertThat(counters.changed(NOW + 4))
                .containsExactly(
                        new IntegrationMinute(
                                7, "svi_1", 1_000, "part/0/run", 2, 0, 0, 0, 1, 0, 15, 11, 9, 44));
    }

    @Test
    void aMinuteThatIsOverIsReportedOnceMoreAndTheNextBeginsAtZero() {
        counters.of(1, "svi_1", NOW).stale();
        counters.changed(NOW);
        counters.of(1, "svi_1", NOW).stale();
        counters.of(1, "svi_1", NOW + MINUTE).stale();
        assertThat(counters.changed(NOW + MINUTE))
                .extracting(IntegrationMinute::minute, IntegrationMinute::stale)
                .containsExactlyInAnyOrder(tuple(1_000L, 2L), tuple(1_001L, 1L));
    }

    @Test
    void moreIntegrationsThanItHoldsLoseAndRepeatNothing() {
        List<IntegrationMinute> reports = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 10; i++) {
                counters.of(1, "svi_" + i, NOW).duplicate();
                if (counters.isCrowded()) {
                    reports.addAll(counters.changed(NOW));
                }
            }
        }
        reports.addAll(counters.changed(NOW));

        assertThat(reports).extracting(IntegrationMinute::reporter).contains("part/0/run.1");
        Map<String, Long> last = new HashMap<>();
        reports.forEach(
                report ->
                        last.put(
                                report.integration() + " " + report.reporter(),
                                report.duplicate()));
        assertThat(last.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(30);
    }
}
