package io.webhookdb.schemas.row;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonToken;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.Column.Conversion;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.catalog.Edit;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CellEditorTest {
    @Test
    void costsNothingWhereNothingIsAsked() {
        assertThat(CellEditor.of(column(ColumnType.TEXT, null, null))).isNull();
    }

    @Test
    void readsNumbersSinceTheEpoch() {
        assertThat(converted(ColumnType.TIMESTAMPTZ, Conversion.UNIX_SECONDS, "1700000000.25"))
                .contains("2023-11-14T22:13:20.250Z");
        assertThat(converted(ColumnType.TIMESTAMPTZ, Conversion.UNIX_MILLISECONDS, "1700000000250"))
                .contains("2023-11-14T22:13:20.250Z");
        assertThat(converted(ColumnType.TIMESTAMPTZ, Conversion.UNIX_SECONDS, "soon")).isEmpty();
    }

    @Test
    void readsAVendorThatWritesNumbersOrText() {
        assertThat(
                        converted(
                                ColumnType.TIMESTAMPTZ,
                                Conversion.UNIX_SECONDS_OR_ISO_8601,
                                "1679445753"))
                .contains("2023-03-22T00:42:33Z");
        assertThat(
                        converted(
                                ColumnType.TIMESTAMPTZ,
                                Conversion.UNIX_SECONDS_OR_ISO_8601,
                                "2023-03-22T00:42:33.000+00:00"))
                .contains("2023-03-22T00:42:33Z");
    }

    @Test
    void takesTheDateInUtcAndNotTheOneWritten() {
        assertThat(converted(ColumnType.DATE, Conversion.UTC_DATE, "2020-01-31T19:59:59-05:00"))
                .contains("2020-02-01");
    }

    @Test
    void readsDatesThatBeginWithTheDay() {
        assertThat(converted(ColumnType.DATE, Conversion.DAY_MONTH_YEAR, "03-09-2021"))
                .contains("2021-09-03");
        assertThat(converted(ColumnType.DATE, Conversion.DAY_MONTH_YEAR, "31-02-2021")).isEmpty();
        assertThat(converted(ColumnType.DATE, Conversion.DAY_MONTH_YEAR, "2021-09-03")).isEmpty();
    }

    @Test
    void cutsTextAtCommas() {
        assertThat(converted(ColumnType.TEXT_ARRAY, Conversion.COMMA_SEPARATED, "a, b \"c\" ,\\d"))
                .contains("{\"a\",\"b \\\"c\\\"\",\"\\\\d\"}");
        assertThat(converted(ColumnType.TEXT_ARRAY, Conversion.COMMA_SEPARATED, " "))
                .contains("{}");
    }

    /** The value for empty text is the one the first WebhookDB stores. */
    @Test
    void hashesTextToTheSameNumbersAsTheFirstWebhookDb() {
        assertThat(converted(ColumnType.INTEGER, Conversion.MD5_INTEGER, ""))
                .contains("-1042756200");
    }

    @Test
    void capturesTheFirstGroup() {
        Edit edit = new Edit("/issues/(\\d+)$", null, null, null);
        assertThat(edited(ColumnType.BIGINT, edit, "https://x/issues/1347")).contains("1347");
        assertThat(edited(ColumnType.BIGINT, edit, "https://x/pulls/1347")).isEmpty();
        assertThat(edited(ColumnType.BIGINT, edit, "x".repeat(20_000) + "/issues/1")).isEmpty();
    }

    @Test
    void replacesAllMatchesWithLiteralText() {
        Edit edit = new Edit(null, new Edit.Replace("[aeiou]", "$1"), null, null);
        assertThat(edited(ColumnType.TEXT, edit, "adobe")).contains("$1d$1b$1");
    }

    @Test
    void takesOneElement() {
        Edit edit = new Edit(null, null, new Edit.Element(" ", 1), null);
        assertThat(edited(ColumnType.NUMERIC, edit, "59.7787 -152.0541")).contains("-152.0541");
        assertThat(edited(ColumnType.NUMERIC, edit, "59.7787")).isEmpty();
        assertThat(edited(ColumnType.NUMERIC, edit, "59.7787 ")).isEmpty();
    }

    @Test
    void looksUpAndLeavesTheUnknownAsItIs() {
        Edit edit = new Edit(null, null, null, Map.of("MONDAY", "0"));
        assertThat(edited(ColumnType.INTEGER, edit, "MONDAY")).contains("0");
        assertThat(edited(ColumnType.INTEGER, edit, "4")).contains("4");
        assertThat(edited(ColumnType.INTEGER, edit, "SOMEDAY")).isEmpty();
    }

    private static Optional<String> converted(ColumnType type, Conversion convert, String text) {
        return CellEditor.of(column(type, convert, null)).cell(JsonToken.VALUE_STRING, text);
    }

    private static Optional<String> edited(ColumnType type, Edit edit, String text) {
        return CellEditor.of(column(type, null, edit)).cell(JsonToken.VALUE_STRING, text);
    }

    private static Column column(ColumnType type, Conversion convert, Edit edit) {
        return new Column("c", type, "/c", null, convert, null, null, null, null, edit, null, null);
    }
}
