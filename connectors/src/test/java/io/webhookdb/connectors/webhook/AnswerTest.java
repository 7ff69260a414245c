package io.webhookdb.connectors.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.status.DeliveryAttempt.Outcome;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AnswerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "200,DELIVERED,false",
        "204,DELIVERED,false",
        "301,REJECTED,true",
        "307,REJECTED,true",
        "400,REJECTED,true",
        "404,REJECTED,true",
        "410,GONE,false",
        "429,OVERLOADED,true",
        "500,REJECTED,true",
        "503,OVERLOADED,true"
    })
    void judgesByStatus(int status, Outcome outcome, boolean mayRetry) {
        Answer answer = Answer.of(status, null, NOW);

        assertThat(answer.outcome()).isEqualTo(outcome);
        assertThat(answer.mayRetry()).isEqualTo(mayRetry);
    }

    @Test
    void readsSecondsAndDates() {
        assertThat(Answer.of(429, "7", NOW).asked()).isEqualTo(Duration.ofSeconds(7));
        assertThat(Answer.of(503, "Thu, 01 Jan 2026 00:01:00 GMT", NOW).asked())
                .isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void takesNonsenseForNoWish() {
        assertThat(Answer.of(429, "later", NOW).asked()).isZero();
        assertThat(Answer.of(503, "Wed, 31 Dec 2025 00:00:00 GMT", NOW).asked()).isZero();
    }
}
