package io.webhookdb.controlplane.api.db;

import com.fasterxml.jackson.databind.util.RawValue;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
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
            return array(row.getArray(column));
        }
        return switch (type) {
            case "json", "jsonb" -> new RawValue(text);
            case "bool" -> row.getBoolean(column);
            case "timestamptz" -> timestamp(row, text);
            default -> NUMBERS.contains(type) ? number(text) : text;
        };
    }

    /** NaN and the infinities are no JSON numbers. */
    private static Object number(String text) {
        char last = text.charAt(text.length() - 1);
        return Character.isDigit(last) ? new RawValue(text) : text;
    }

    private Object timestamp(ResultSet row, String text) throws SQLException {
        if (text.endsWith("infinity")) {
            return text;
        }
        return row.getObject(column, OffsetDateTime.class)
                .withOffsetSameInstant(ZoneOffset.UTC)
                .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
    }

    private static Object array(Array array) throws SQLException {
        String element = array.getBaseTypeName();
        return elements((Object[]) array.getArray(), element);
    }

    private static List<Object> elements(Object[] values, String element) {
        List<Object> list = new ArrayList<>(values.length);
        for (Object value : values) {
            if (value instanceof Object[] nested) {
                list.add(elements(nested, element));
            } else if (value == null || value instanceof Boolean) {
                list.add(value);
            } else if (NUMBERS.contains(element)) {
                list.add(number(value.toString()));
            } else if (element.equals("json") || element.equals("jsonb")) {
                list.add(new RawValue(value.toString()));
            } else {
                list.add(value.toString());
            }
        }
        return list;
    }
}
