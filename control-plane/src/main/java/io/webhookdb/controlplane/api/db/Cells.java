package io.webhookdb.controlplane.api.db;

import com.fasterxml.jackson.databind.util.RawValue;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Set;

/**
 * JSON of one result column's cells: numbers with every digit, json and jsonb as the JSON they are,
 * times in ISO 8601 and UTC, arrays as arrays, everything else as Postgres writes it.
 */
final class Cells {
    private static final Set<String> NUMBERS =
            Set.of(
                    "int2",
                    "int4",
                    "int8",
                    "oid",
                    "numeric",
                    "float4",
                    "float8",
                    "serial",
                    "bigserial",
                    "smallserial");

    /** PostgreSQL manual, 8.5.2, style ISO. */
    private static final DateTimeFormatter POSTGRES =
            new DateTimeFormatterBuilder()
                    .appendPattern("uuuu-MM-dd HH:mm:ss")
                    .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
                    .appendOffset("+HH:mm:ss", "+00")
                    .toFormatter(Locale.ROOT);

    private final int column;
    private final String type;
    private final int sqlType;

    Cells(int column, String type, int sqlType) {
        this.column = column;
        this.type = type;
        this.sqlType = sqlType;
    }

    /** The cell of the row the result stands at. */
    Object of(ResultSet row) throws SQLException {
        String text = row.getString(column);
        if (text == null) {
            return null;
        }
        if (sqlType == Types.ARRAY) {
            return array(text);
        }
        return type.equals("timestamptz") && !text.endsWith("infinity")
                ? utc(row.getObject(column, OffsetDateTime.class))
                : scalar(type, text);
    }

    /**
     * An array as Postgres writes it; what the driver makes of elements loses offsets and bytes.
     */
    private Object array(String text) {
        String element = type.startsWith("_") ? type.substring(1) : type;
        return ArrayText.parse(
                text, "box".equals(element) ? ';' : ',', one -> scalar(element, one));
    }

    private static Object scalar(String type, String text) {
        return switch (type) {
            case "json", "jsonb" -> new RawValue(text);
            case "bool" -> text.startsWith("t");
            case "timestamptz" -> timestamp(text);
            default -> NUMBERS.contains(type) ? number(text) : text;
        };
    }

    /** NaN and the infinities are no JSON numbers. */
    private static Object number(String text) {
        char last = text.charAt(text.length() - 1);
        return Character.isDigit(last) ? new RawValue(text) : text;
    }

    /** What is beyond ISO 8601, such as infinity, stays as Postgres writes it. */
    private static String timestamp(String text) {
        try {
            return utc(OffsetDateTime.parse(text, POSTGRES));
        } catch (DateTimeParseException e) {
            return text;
        }
    }

    private static String utc(OffsetDateTime time) {
        return time.withOffsetSameInstant(ZoneOffset.UTC)
                .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
    }
}
