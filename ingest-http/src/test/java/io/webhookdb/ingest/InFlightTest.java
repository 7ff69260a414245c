package io.webhookdb.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InFlightTest {
    @Test
    void givesUpToTheLimitAndTakesNothingForARefusal() {
        InFlight inFlight = new InFlight(100);

        assertThat(inFlight.reserve(60)).isTrue();
        assertThat(inFlight.reserve(41)).isFalse();
        assertThat(inFlight.reserve(40)).isTrue();
        assertThat(inFlight.bytes()).isEqualTo(100);
        inFlight.release(60);
        assertThat(inFlight.reserve(60)).isTrue();
    }
}
