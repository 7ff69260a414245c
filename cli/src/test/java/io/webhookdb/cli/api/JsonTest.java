package io.webhookdb.cli.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "9007199254740993",
                "-9223372036854775809",
                "123456789012345678901234567890123456789012345678901234567890",
                "1.50",
                "0.1000000000000000055511151231257827",
                "100000000000000000000.00"
            })
    void keepsEveryDigit(String number) throws JsonProcessingException {
        assertThat(Json.line(Json.read("{\"n\":" + number + "}")))
                .isEqualTo("{\"n\":" + number + "}");
    }

    @Test
    void keepsNumericsAsLongAsPostgresHasThem() throws JsonProcessingException {
        String number = "9".repeat(131_072) + "." + "1".repeat(16_383);
        assertThat(Json.line(Json.read(number))).isEqualTo(number);
    }

    @Test
    void refusesMoreThanOneValue() {
        assertThatThrownBy(() -> Json.read("{} {}")).isInstanceOf(JsonProcessingException.class);
    }
}
