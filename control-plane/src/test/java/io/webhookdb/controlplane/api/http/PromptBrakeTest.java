package io.webhookdb.controlplane.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.api.http.PromptBrake.Asked;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class PromptBrakeTest {
    private static final Asked ASKED = new Asked("client", "/path", "name");

    private final Steps clock = new Steps();
    private final PromptBrake brake = new PromptBrake(clock);

    @Test
    void endsAConversationThatAsksTooOften() {
        for (int i = 0; i < PromptBrake.PROMPTS; i++) {
            assertThat(brake.allows(ASKED)).isTrue();
        }
        assertThat(brake.allows(ASKED)).isFalse();
    }

    @Test
    void asksOthersAndOtherThingsMeanwhile() {
        for (int i = 0; i <= PromptBrake.PROMPTS; i++) {
            brake.allows(ASKED);
        }
        assertThat(brake.allows(new Asked("other", "/path", "name"))).isTrue();
        assertThat(brake.allows(new Asked("client", "/path", "url"))).isTrue();
    }

    /** Ten conversations that end well are not one that never ends. */
    @Test
    void forgetsAConversationThatWentOn() {
        for (int i = 0; i < PromptBrake.PROMPTS * 3; i++) {
            assertThat(brake.allows(ASKED)).isTrue();
            brake.release(ASKED.client(), ASKED.path());
        }
    }

    @Test
    void asksAgainLater() {
        for (int i = 0; i <= PromptBrake.PROMPTS; i++) {
            brake.allows(ASKED);
        }
        clock.now = clock.now.plus(PromptBrake.WINDOW).plus(Duration.ofMillis(1));

        assertThat(brake.allows(ASKED)).isTrue();
    }

    private static final class Steps extends Clock {
        private Instant now = Instant.EPOCH;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
