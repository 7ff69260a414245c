package io.webhookdb.connectors.sync.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.webhookdb.connectors.sync.SyncException;
import io.webhookdb.connectors.sync.SyncFailure;
import io.webhookdb.schemas.catalog.ColumnType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellTest {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final Cell cell = new Cell(new CellLimits(10, 20, 1000));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "bigint | 9223372036854775807 | 9223372036854775807",
                "bigint | \"12\" | 12",
                "bigint | 1e3 | 1000",
                "integer | -5 | -5",
                "boolean | true | true",
                "boolean | \"f\" | false",
                "date | \"2031-05-06\" | 2031-05-06",
                "double precision | 0.1 | 0.1",
                "double precision | \"NaN\" | NaN",
                "numeric | 12345678901234567890.123456789012 | 12345678901234567890.123456789012",
                "numeric | 1.50000000000000000 | 1.5",
                "numeric | 1e3 | 1000",
                "timestamptz | \"2031-05-06T09:08:09.123456+02:00\" |"
                        + " 2031-05-06 07:08:09.123456+00:00",
                "timestamptz | \"2031-05-06 07:08:09Z\" | 2031-05-06 07:08:09.000000+00:00",
                "text | \"ten signs.\" | ten signs.",
                "text | 5 | 5",
                "text[] | [\"a\",null] | [\"a\",null]",
                "jsonb | {\"a\":1.25} | {\"a\":1.25}"
            })
    void writesWhatEveryWarehouseReads(String type, String value, String text) throws Exception {
        assertThat(cell.of(column(type), json(value))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "bigint | 9223372036854775808",
                "bigint | 1.5",
                "bigint | \"many\"",
                "integer | 2147483648",
                "boolean | \"perhaps\"",
                "date | \"2031-13-06\"",
                "date | \"+12031-01-06\"",
                "double precision | \"x\"",
                "numeric | 0.0000000000001",
                "numeric | 123456789012345678901234567",
                "timestamptz | \"infinity\"",
                "text | \"eleven sign\"",
                "text | \"üüüüüü\"",
                "jsonb | {\"a\":\"ninety-nine percent\"}"
            })
    void refusesWhatWouldBeRoundedOrCutAndNamesTheColumn(String type, String value)
            throws Exception {
        JsonNode json = json(value);
        SyncException failure =
                catchThrowableOfType(SyncException.class, () -> cell.of(column(type), json));
        assertThat(failure.failure()).isEqualTo(SyncFailure.POISON);
        assertThat(failure).hasMessageContaining("\"it\" (" + type + ")").hasNoCause();
    }

    @Test
    void hasNothingForNull() throws Exception {
        assertThat(cell.of(column("text"), json("null"))).isNull();
        assertThat(cell.of(column("jsonb"), null)).isNull();
    }

    private static WarehouseColumn column(String type) {
        return new WarehouseColumn("it", ColumnType.of(type));
    }

    private static JsonNode json(String text) throws Exception {
        return JSON.readTree(text);
    }
}
