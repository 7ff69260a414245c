package io.webhookdb.connectors.replica;

import static io.webhookdb.connectors.replica.TestingRows.sourced;
import static io.webhookdb.connectors.replica.TestingRows.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.replica.Lane.Kept;
import io.webhookdb.connectors.replica.Pace.Hurry;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long NOW = 10_000;

    private final ReplicaWriterSettings settings = ReplicaWriterSettings.DEFAULT;
    private final Crowding crowding = new Crowding(settings.threads(), () -> 5_000);
    private final Lanes lanes =
            new Lanes(
                    new LaneScheduler(settings, crowding),
                    new RowMerge(hash -> null),
                    settings.mostRows());
    private final Lane lane = lanes.lane("1/svi_a/0");
    private boolean heapShort;
    private int tables = 1;
    private final Pace pace = new Pace(settings, crowding, () -> tables, any -> heapShort);

    @Test
    void letsTheFirstRowAfterAPauseGoAtOnce() {
        waiting(1);
        assertThat(pace.resumeAt(lane, NOW)).isEqualTo(NOW);
    }

    @Test
    void takesALongerPauseForTheEndTheLongerRowsWait() {
        tables = 1_000;
        assertThat(pace.quietMillis(0, NOW)).isEqualTo(200);
        assertThat(pace.quietMillis(Linger.LATE_MILLIS + 80_000, NOW)).isEqualTo(5_000);
    }

    @Test
    void letsParkedRowsGoAtOnceWhileThereIsTimeForAll() {
        waiting(settings.mostRows());
        lane.landed(lanes.take(lane, Long.MAX_VALUE, row -> true), NOW);
        waiting(1);
        assertThat(pace.resumeAt(lane, NOW)).isGreaterThan(NOW);
        lane.parking(new Parking(1, 1));
        assertThat(pace.resumeAt(lane, NOW)).isEqualTo(NOW);
    }

    @Test
    void letsRowsWaitForCompanyWhileThreadsAreCrowded() {
        crowd();
        waiting(1);
        lane.parking(new Parking(1, 1));
        assertThat(pace.resumeAt(lane, NOW)).isEqualTo(NOW + crowding.millis(NOW));
        assertThat(pace.isCrowded(NOW)).isTrue();
    }

    @Test
    void countsParkedRowsToFullBatches() {
        crowd();
        waiting(1);
        lane.parking(new Parking(settings.mostRows() - 1, 1));
        assertThat(pace.resumeAt(lane, NOW)).isEqualTo(NOW);
    }

    /** A checkpoint puts what waits into state as well: it is not twice as much for that. */
    @Test
    void countsRowsOnceThatAreInHeapAndInState() {
        crowd();
        waiting(settings.mostRows() - 1);
        assertThat(lane.keepInState()).hasSize(settings.mostRows() - 1);
        lane.parking(new Parking(settings.mostRows() - 1, 1));
        assertThat(lane.parkedAlone()).isZero();
        assertThat(pace.resumeAt(lane, NOW)).isGreaterThan(NOW);
    }

    @Test
    void letsNothingWaitForCompanyWhenHeapIsShort() {
        crowd();
        waiting(1);
        heapShort = true;
        assertThat(pace.resumeAt(lane, NOW)).isEqualTo(NOW);
    }

    @Test
    void letsOnlyALargeBatchGoBesideOneInFlight() {
        int large = settings.mostRows() / Pace.BESIDE_SHARE;
        waiting(1);
        lanes.take(lane, Long.MAX_VALUE, row -> true);
        // Each of these may be newer than one in flight, and has to wait for it.
        waiting(large);
        assertThat(pace.resumeAt(lane, NOW)).isEqualTo(Long.MAX_VALUE);
        waiting(large + 1);
        assertThat(pace.resumeAt(lane, NOW)).isEqualTo(NOW);
    }

    @Test
    void letsNothingGoBesideABatchWhileRowsAreInStateAlone() {
        waiting(1);
        lanes.take(lane, Long.MAX_VALUE, row -> true);
        waiting(settings.mostRows() + 1);
        lane.parking(new Parking(1, 1));
        assertThat(pace.resumeAt(lane, NOW)).isEqualTo(Long.MAX_VALUE);
        // It is that in flight which a checkpoint put there.
        assertThat(lane.keepFlightsInState()).hasSize(1);
        assertThat(pace.resumeAt(lane, NOW)).isEqualTo(NOW);
    }

    @Test
    void letsNothingGoBesideABatchOfATableThatFails() {
        waiting(1);
        lanes.take(lane, Long.MAX_VALUE, row -> true);
        waiting(settings.mostRows() + 1);
        lane.breaker().failed(NOW);
        assertThat(pace.resumeAt(lane, NOW)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void letsNothingWaitBeforeABarrierWhileThereIsTimeForAll() {
        waiting(settings.mostRows() / 2);
        lane.landed(lanes.take(lane, Long.MAX_VALUE, row -> true), NOW);
        waiting(1);
        assertThat(pace.resumeAt(lane, NOW)).isGreaterThan(NOW);
        pace.hurry(Hurry.BARRIER);
        assertThat(pace.resumeAt(lane, NOW)).isEqualTo(NOW);
    }

    /** State costs less than a transaction for each. */
    @Test
    void letsRowsWaitOverABarrierThatWaitForCompany() {
        waiting(1);
        lane.lag(Linger.LATE_MILLIS + 600);
        pace.hurry(Hurry.BARRIER);
        assertThat(pace.resumeAt(lane, NOW)).isEqualTo(NOW + 300);
    }

    @Test
    void letsRowsWaitOverABarrierWhileThreadsAreCrowded() {
        crowd();
        waiting(1);
        pace.hurry(Hurry.BARRIER);
        assertThat(pace.resumeAt(lane, NOW)).isEqualTo(NOW + crowding.millis(NOW));
    }

    @Test
    void letsNothingWaitAtTheEndOfTheInput() {
        crowd();
        waiting(1);
        lane.lag(60_000);
        pace.hurry(Hurry.END);
        assertThat(pace.resumeAt(lane, NOW)).isEqualTo(NOW);
    }

    @Test
    void letsRowsThatComeLateWaitForThoseBehindThem() {
        waiting(1);
        lane.lag(Linger.LATE_MILLIS);
        assertThat(pace.resumeAt(lane, NOW)).isEqualTo(NOW);
        lane.lag(Linger.LATE_MILLIS + 1_000);
        assertThat(pace.resumeAt(lane, NOW)).isEqualTo(NOW + 500);
        lane.lag(3_600_000);
        assertThat(pace.resumeAt(lane, NOW)).isEqualTo(NOW + Linger.LONGEST_WHEN_LATE_MILLIS);
        tables = 100;
        assertThat(pace.resumeAt(lane, NOW))
                .isStrictlyBetween(
                        NOW + Linger.LONGEST_WHEN_LATE_MILLIS, NOW + Linger.LONGEST_OF_MANY_MILLIS);
        tables = 10_000;
        assertThat(pace.resumeAt(lane, NOW)).isEqualTo(NOW + Linger.LONGEST_OF_MANY_MILLIS);
        heapShort = true;
        assertThat(pace.resumeAt(lane, NOW)).isEqualTo(NOW);
    }

    private void crowd() {
        crowding.millis(NOW - 1_500);
        for (int organization = 0; organization < 100; organization++) {
            crowding.passed(organization, 1, 1_000);
        }
        assertThat(crowding.millis(NOW - 500)).isPositive();
    }

    private void waiting(int rows) {
        for (int i = 0; i < rows; i++) {
            lanes.add(lane, sourced(upsert("key" + i, 1, 1, "n")), Kept.IN_HEAP);
        }
    }
}
