package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ColumnType;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopyRowsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "bigint|\"many\"",
                "bigint|1.0",
                "integer|4294967296",
                "boolean|\"yes\"",
                "date|\"infinity\"",
                "timestamptz|\"infinity\"",
                "timestamptz|\"2031-05-06 07:08:09+00\"",
                "timestamptz|\"2031-05-06T07:08:09\"",
                "timestamptz|\"2031-02-30T07:08:09Z\"",
                "timestamptz|\"2031-05-06T24:00:00Z\"",
                "timestamptz|\"2031-05-06T07:08:09.1234567Z\"",
                "timestamptz|\"2031-05-06T07:08:09+02:00:30\"",
                "timestamptz|\"0044-03-15T07:08:09+00:00 BC\"",
                "double precision|\"NaN\"",
                "numeric|\"NaN\"",
                "numeric|1E+3",
                "uuid|\"1-2-3-4-5\"",
                "text|{\"a\":1}",
                "text[]|\"{a}\"",
                "text[]|[[\"a\"]]",
            })
    void leavesToTheServerWhatItCannotTell(String type, String value) throws Exception {
        assertThat(rows(type, value)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "bigint|-9223372036854775808",
                "double precision|1e+20",
                "numeric|0.00012345678901234567890",
                "jsonb|\"text\"",
                "text[]|[]",
                "bigint[]|[1,null]",
                "timestamptz|\"2031-05-06T07:08:09.123456+02:00\"",
            })
    void takesWhatPostgresPrints(String type, String value) throws Exception {
        assertThat(rows(type, value)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2000-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999999+00:00",
                "0001-01-01T00:00:00-14:00",
                "2031-05-06T07:08:09.1+05:45",
                "9999-12-31T23:59:59.000001-09"
            })
    void readsTimesAsTheJdkDoes(String text) throws Exception {
        String whole = text.endsWith("-09") ? text + ":00" : text;
        assertThat(CopyTime.micros(text))
                .isEqualTo(CopyTime.micros(OffsetDateTime.parse(whole).toInstant()));
    }

    private static boolean rows(String type, String value) throws Exception {
        Column column = TestingService.column("c", ColumnType.of(type));
        ObjectNode row = TestingRow.JSON.createObjectNode();
        SyncRow plain = TestingRow.of("a", 1, row, "{}");
        SyncRow given =
                new SyncRow(
                        "a",
                        1,
                        plain.version(),
                        false,
                        ("{\"c\":" + value + "}").getBytes(UTF_8),
                        plain.data());
        return new CopyRows(TestingService.table("s", "t", column)).of(List.of(given)).isPresent();
    }
}
