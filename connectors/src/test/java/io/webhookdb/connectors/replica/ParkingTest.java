package io.webhookdb.connectors.replica;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the alert WebhookdbParkedNearRetention looks at. */
class ParkingTest {
    @Test
    void neverSaysThatTheOldestIsYoungerThanItIs() {
        Parking two = Parking.EMPTY.with(20).with(30);
        assertThat(two).isEqualTo(new Parking(2, 20));
        assertThat(two.reachingTo(10)).isEqualTo(new Parking(2, 10));
        assertThat(two.without()).isEqualTo(new Parking(1, 20));
    }

    @Test
    void beginsAnewWhenNothingIsLeft() {
        assertThat(Parking.EMPTY.with(20).without()).isEqualTo(Parking.EMPTY);
        assertThat(Parking.EMPTY.with(20).without().with(40).oldestReceivedAtMicros())
                .isEqualTo(40);
    }
}
