package io.webhookdb.connectors.replica;

import static io.webhookdb.schemas.row.TableSql.quoted;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a statement returns a row as readers see it: remote key and columns, without pk, bookkeeping
 * and data. Each column comes as text and is made into JSON here, exactly as the server's {@code
 * row_to_json} would: that function takes a quarter of the server's time for an upsert, since it
 * looks up every column's type for every row.
 */
final class RowColumns {
    private record Named(String name, ColumnType type) {}

    private final List<Named> columns = new ArrayList<>();

    RowColumns(ServiceDefinition service) {
        columns.add(new Named(service.key().column(), service.key().type()));
        for (Column column : service.columns()) {
            columns.add(new Named(column.name(), column.type()));
        }
    }

    int count() {
        return columns.size();
    }

    /** Expressions for RETURNING, {@code prefix0} and so on. */
    String select(String alias, String prefix) {
        StringBuilder select = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            select.append(", ")
                    .append(expression(alias + "." + quoted(columns.get(i).name()), i))
                    .append(" AS ")
                    .append(prefix)
                    .append(i);
        }
        return select.toString();
    }

    /** The names {@link #select} gives. */
    String names(String alias, String prefix) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            names.append(", ").append(alias).append('.').append(prefix).append(i);
        }
        return names.toString();
    }

    private String expression(String column, int place) {
        return switch (columns.get(place).type()) {
            // Of these text and JSON differ in more than quotes.
            case BIGINT_ARRAY, INTEGER_ARRAY, TEXT_ARRAY, DOUBLE, NUMERIC ->
                    "to_json(" + column + ")::text";
            case TEXT -> column;
            default -> column + "::text";
        };
    }

    /** Columns and their values as JSON. */
    Map<String, String> read(ResultSet result, int first) throws SQLException {
        Map<String, String> row = new LinkedHashMap<>(columns.size() * 2);
        for (int i = 0; i < columns.size(); i++) {
            Named column = columns.get(i);
            row.put(column.name(), json(column.type(), result.getString(first + i)));
        }
        return row;
    }

    /** The remote key alone. */
    Map<String, String> readKey(ResultSet result, int first) throws SQLException {
        Named key = columns.get(0);
        return Map.of(key.name(), json(key.type(), result.getString(first)));
    }

    static String json(ColumnType type, String text) {
        if (text == null) {
            return "null";
        }
        return switch (type) {
            case TEXT, UUID, DATE -> string(text);
            case TIMESTAMPTZ -> string(time(text));
            default -> text;
        };
    }

    private static String string(String text) {
        StringBuilder json = new StringBuilder(text.length() + 8).append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, json);
        return json.append('"').toString();
    }

    /** {@code 2024-01-01 00:00:00.5+00} of a session in UTC; infinity has no blank. */
    private static String time(String text) {
        int blank = text.indexOf(' ');
        int zone = text.indexOf("+00", blank);
        return blank < 0 || zone < 0
                ? text
                : text.substring(0, blank)
                        + 'T'
                        + text.substring(blank + 1, zone)
                        + "+00:00"
                        + text.substring(zone + 3);
    }
}
