package io.webhookdb.controlplane.api.onward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.controlplane.api.http.ApiException;
import java.time.Instant;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayWindowTest {
    private static final Instant NOW = Instant.parse("2031-05-10T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "'', '', , 2031-05-10T11:00:00Z, 2031-05-10T12:00:00Z",
        "'', '', 3, 2031-05-10T09:00:00Z, 2031-05-10T12:00:00Z",
        "'', 2031-05-10T08:00:00Z, , 2031-05-10T07:00:00Z, 2031-05-10T08:00:00Z",
        "'', 2031-05-10T08:00:00Z, 4, 2031-05-10T04:00:00Z, 2031-05-10T08:00:00Z",
        "2031-05-10T10:00:00Z, '', 1, 2031-05-10T10:00:00Z, 2031-05-10T12:00:00Z",
        "2031-05-09 10:00, 2031-05-09 11:30:00, , 2031-05-09T10:00:00Z, 2031-05-09T11:30:00Z",
        "2031-05-09 10:00:00 +0200, 2031-05-09T09:00:00+00:00, , 2031-05-09T08:00:00Z,"
                + " 2031-05-09T09:00:00Z",
        "'', 2031-05-09 10:00:00 UTC, , 2031-05-09T09:00:00Z, 2031-05-09T10:00:00Z",
        "'', 2031/05/09 10:00, , 2031-05-09T09:00:00Z, 2031-05-09T10:00:00Z",
        "'', 'Fri, 09 May 2031 10:00:00 GMT', , 2031-05-09T09:00:00Z, 2031-05-09T10:00:00Z",
        "'', 2031-05-09, , 2031-05-08T23:00:00Z, 2031-05-09T00:00:00Z",
        "'', 2032-01-01, , 2031-05-10T11:00:00Z, 2031-05-10T12:00:00Z",
        "2031-05-03T11:59:00Z, 2031-05-03T12:00:00Z, , 2031-05-03T11:59:00Z, 2031-05-03T12:00:00Z"
    })
    void isWhatWasMeant(
            String after, String before, Integer hours, Instant expectedAfter, Instant expected) {
        OptionalInt given = hours == null ? OptionalInt.empty() : OptionalInt.of(hours);
        assertThat(ReplayWindow.of(after, before, given, NOW))
                .isEqualTo(new ReplayWindow(expectedAfter, expected));
    }

    @ParameterizedTest
    @CsvSource({
        "2031-05-10T07:59:00Z, '', after",
        "2031-05-10T13:00:00Z, '', after",
        "2031-05-10T11:00:00Z, 2031-05-10T11:00:00Z, after",
        "2031-05-03T11:00:00Z, 2031-05-03T11:59:59Z, before",
        "yesterday, '', after",
        "'', 2031-13-01, before",
        "'', 1900000000, before"
    })
    void refusesTheParameterToBlame(String after, String before, String field) {
        assertThatThrownBy(() -> ReplayWindow.of(after, before, OptionalInt.empty(), NOW))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> {
                            assertThat(e.status()).isEqualTo(400);
                            assertThat(e.fieldErrors()).containsOnlyKeys(field);
                        });
    }

    @Test
    void refusesMoreThanFourHours() {
        assertThatThrownBy(() -> ReplayWindow.of("", "", OptionalInt.of(5), NOW))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.fieldErrors()).containsOnlyKeys("hours"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void allowsUpToFourHours(int hours) {
        ReplayWindow window = ReplayWindow.of("", "", OptionalInt.of(hours), NOW);
        assertThat(window.after()).isEqualTo(NOW.minusSeconds(3600L * hours));
    }
}
