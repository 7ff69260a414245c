package io.webhookdb.schemas.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The short cuts say what the long ways say. */
class TimeTextTest {
    @Test
    void writesWholeSecondsAsInstantsDo() {
        Random random = new Random(3);
        for (int i = 0; i < 2_000; i++) {
            Instant instant =
                    Instant.ofEpochSecond(random.nextLong(-62_135_596_800L, 253_402_300_800L));
            assertThat(TimeText.sql(instant)).isEqualTo(instant.toString());
        }
        for (String edge :
                List.of(
                        "0001-01-01T00:00:00Z",
                        "1969-12-31T23:59:59Z",
                        "9999-12-31T23:59:59Z",
                        "2024-02-29T12:00:00.123Z")) {
            assertThat(TimeText.sql(Instant.parse(edge))).isEqualTo(edge);
        }
    }

    @Test
    void readsCountsOfSecondsAsItReadsFractions() {
        for (String count : List.of("0", "1700000000", "0001700000000", "999999999999")) {
            assertThat(TimeText.sinceEpoch(count, ChronoUnit.SECONDS))
                    .isEqualTo(TimeText.sinceEpoch(count + ".0", ChronoUnit.SECONDS));
        }
        assertThat(TimeText.sinceEpoch("", ChronoUnit.SECONDS)).isEmpty();
        assertThat(TimeText.sinceEpoch("253402300800", ChronoUnit.SECONDS)).isEmpty();
    }
}
