package io.webhookdb.connectors.replica;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CrowdingTest {
    private final Crowding crowding = new Crowding();
    private long now;

    @Test
    void letsNothingWaitWhileThereIsRoom() {
        seconds(10, Crowding.MOST_LOGINS);
        assertThat(crowding.millis(now)).isZero();
    }

    @Test
    void waitsLongerUntilLoginsAreFewEnough() {
        seconds(2, 200);
        long before = crowding.millis(now);
        seconds(1, 200);
        assertThat(crowding.millis(now)).isGreaterThan(before);
        long found = crowding.millis(now);
        seconds(20, Crowding.MOST_LOGINS - 1);
        assertThat(crowding.millis(now)).isEqualTo(found);
    }

    @Test
    void neverWaitsBeyondItsLimit() {
        seconds(100, 10_000);
        assertThat(crowding.millis(now)).isEqualTo(Crowding.LONGEST_MILLIS);
    }

    @Test
    void waitsNoMoreWhenThereIsRoomAgain() {
        seconds(100, 10_000);
        seconds(30, 0);
        assertThat(crowding.millis(now)).isZero();
    }

    private void seconds(int count, int logins) {
        for (int second = 0; second < count; second++) {
            for (int login = 0; login < logins; login++) {
                crowding.roomMade();
            }
            now += 1_000;
            crowding.millis(now);
        }
    }
}
