package io.webhookdb.schemas.row;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonBytesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{\"a\":1}|{\"a\":1}",
                "{ \"a b\" :\t[1, 2 ] }|{\"a b\":[1,2]}",
                "[\"\\\" x \\\\\", \" \"]|[\"\\\" x \\\\\",\" \"]",
                "[\"a\\u0000b\\u0000\"]|[\"ab\"]",
                "[\"\\ud83d\\ude00\"]|[\"\\ud83d\\ude00\"]",
                "[\"\\ud83d\", \"\\ude00x\"]|[\"\\ufffd\",\"\\ufffdx\"]",
                "[\"\\ud83d\\u0041\"]|[\"\\ufffd\\u0041\"]",
                "[\"\\ud83d\\ud83d\\ude00\"]|[\"\\ufffd\\ud83d\\ude00\"]",
                "\"\\u0000\"|\"\"",
            })
    void removesWhatJsonbCannotHoldAndNothingElse(String json, String cleaned) {
        byte[] within = ("xx" + json + "y").getBytes(UTF_8);
        assertThat(new String(JsonBytes.clean(within, 2, within.length - 1), UTF_8))
                .isEqualTo(cleaned);
    }
}
