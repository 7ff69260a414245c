package io.webhookdb.connectors.replica;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CrowdingTest {
    private static final int THREADS = 8;
    private static final long LONGEST = 5_000;

    private final Crowding crowding = new Crowding(THREADS, () -> LONGEST);
    private long now;

    @Test
    void letsNothingWaitWhileThereIsTimeForAll() {
        seconds(10, Crowding.SHARE, 1);
        assertThat(crowding.millis(now)).isZero();
    }

    @Test
    void waitsLongerUntilSmallBatchesTakeLittleEnough() {
        seconds(2, 0.6, 1);
        long before = crowding.millis(now);
        seconds(1, 0.6, 1);
        assertThat(crowding.millis(now)).isGreaterThan(before);
        long found = crowding.millis(now);
        seconds(20, Crowding.SHARE * 0.9, 1);
        assertThat(crowding.millis(now)).isEqualTo(found);
    }

    @Test
    void takesALongerFirstStepTheLessTimeThereIs() {
        seconds(2, Crowding.SHARE * 1.2, 1);
        assertThat(crowding.millis(now)).isBetween(100L, 200L);
        Crowding saturated = new Crowding(THREADS, () -> LONGEST);
        saturated.millis(0);
        for (int organization = 0; organization < THREADS * 100; organization++) {
            saturated.passed(organization, 1, 10);
        }
        assertThat(saturated.millis(1_000)).isBetween(1_000L, LONGEST);
    }

    @Test
    void neverWaitsBeyondItsLimit() {
        seconds(100, 1, 1);
        assertThat(crowding.millis(now)).isEqualTo(LONGEST);
    }

    @Test
    void waitsNoMoreWhenThereIsTimeAgain() {
        seconds(100, 1, 1);
        seconds(30, 0, 1);
        assertThat(crowding.millis(now)).isZero();
    }

    @Test
    void letsLargeBatchesTakeAllTheTimeThereIs() {
        seconds(10, 1, Crowding.FEW_ROWS);
        assertThat(crowding.millis(now)).isZero();
    }

    /** A database that is slow is the trouble of its organization. */
    @Test
    void letsNobodyWaitForOneThatIsSlow() {
        for (int second = 0; second < 10; second++) {
            crowding.passed(1, 1, 1_900);
            crowding.passed(1, 1, 1_900);
            crowding.passed(2, 1, 1_900);
            now += 1_000;
            assertThat(crowding.millis(now)).isZero();
        }
    }

    /** Batches of that many rows, of many organizations, take that share of the threads' time. */
    private void seconds(int count, double share, int rows) {
        long each = Crowding.MOST_OF_ONE_MILLIS / 10;
        for (int second = 0; second < count; second++) {
            for (int i = 0; i < share * THREADS * 1_000 / each; i++) {
                crowding.passed(i, rows, each);
            }
            now += 1_000;
            crowding.millis(now);
        }
    }
}
