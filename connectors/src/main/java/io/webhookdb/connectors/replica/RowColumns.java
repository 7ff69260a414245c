package io.webhookdb.connectors.replica;

import static io.webhookdb.schemas.row.TableSql.quoted;

import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.catalog.RemoteKey;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.row.RowUpdate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a statement returns a row as readers see it: its columns, without pk, bookkeeping and data.
 * Each column comes as text and is made into JSON here, exactly as the server's {@code row_to_json}
 * would: so of a replaced row only the columns that differ have to be printed and sent, and nothing
 * is parsed to find out which they are.
 */
final class RowColumns {
    private static final String VALUE = "=";
    private static final String NULL = "-";

    private final ServiceDefinition service;
    private final boolean[] sent;
    private final int returned;

    /**
     * @param sent columns known to be stored as they were sent, so that the server need not say it
     */
    private RowColumns(ServiceDefinition service, boolean[] sent) {
        this.service = service;
        this.sent = sent;
        int count = 0;
        for (boolean column : sent) {
            count += column ? 0 : 1;
        }
        returned = count;
    }

    /** Every column is returned. */
    static RowColumns all(ServiceDefinition service) {
        return new RowColumns(service, new boolean[service.columns().size()]);
    }

    /**
     * Only those columns are returned that may differ from what is sent: printing costs the server
     * a fifth of the statement.
     *
     * @param rows what is sent, with their resources
     */
    static RowColumns differing(ServiceDefinition service, List<RowUpdate> rows, int[] places) {
        boolean[] sent = new boolean[service.columns().size()];
        for (int i = 0; i < sent.length; i++) {
            Column column = service.columns().get(i);
            sent[i] = column.keep() == Column.Keep.LATEST && SentCell.knows(column.type());
            for (int place = 0; sent[i] && place < places.length; place++) {
                String cell = rows.get(places[place]).cells()[i];
                sent[i] = cell == null || SentCell.isCertain(column.type(), cell);
            }
        }
        return new RowColumns(service, sent);
    }

    ServiceDefinition service() {
        return service;
    }

    /** How many {@link #select} returns. */
    int returned() {
        return returned;
    }

    /** Expressions for RETURNING, {@code prefix0} and so on. */
    String select(String alias, String prefix) {
        StringBuilder select = new StringBuilder();
        for (int i = 0; i < sent.length; i++) {
            if (sent[i]) {
                continue;
            }
            select.append(", ")
                    .append(expression(alias + "." + quoted(column(i).name()), i))
                    .append(" AS ")
                    .append(prefix)
                    .append(i);
        }
        return select.toString();
    }

    /**
     * Expressions for RETURNING that tell how each column was before: nothing where it is the same,
     * since comparing is cheaper than printing; else a mark and the value.
     */
    String selectChanged(String old, String now, String prefix) {
        StringBuilder select = new StringBuilder();
        for (int i = 0; i < sent.length; i++) {
            String name = "." + quoted(column(i).name());
            select.append(", CASE WHEN ")
                    .append(old + ".pk IS NOT NULL AND ")
                    .append(old + name)
                    .append(" IS DISTINCT FROM ")
                    .append(now + name)
                    .append(" THEN coalesce('")
                    .append(VALUE)
                    .append("' || ")
                    .append(expression(old + name, i))
                    .append(", '")
                    .append(NULL)
                    .append("') END AS ")
                    .append(prefix)
                    .append(i);
        }
        return select.toString();
    }

    /** The names {@link #select} gives. */
    String names(String alias, String prefix) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < sent.length; i++) {
            if (sent[i]) {
                continue;
            }
            names.append(", ").append(alias).append('.').append(prefix).append(i);
        }
        return names.toString();
    }

    private String expression(String column, int place) {
        return switch (column(place).type()) {
            // Of these text and JSON differ in more than quotes.
            case BIGINT_ARRAY, INTEGER_ARRAY, TEXT_ARRAY, DOUBLE, NUMERIC ->
                    "to_json(" + column + ")::text";
            case TEXT -> column;
            default -> column + "::text";
        };
    }

    /**
     * Columns and their values as JSON.
     *
     * @param cells what was sent
     */
    Map<String, String> read(ResultSet result, int first, String[] cells) throws SQLException {
        Map<String, String> row = new LinkedHashMap<>(sent.length * 2 + 2);
        row.putAll(readKey(result));
        int place = first;
        for (int i = 0; i < sent.length; i++) {
            Column column = column(i);
            row.put(
                    column.name(),
                    sent[i]
                            ? SentCell.json(column.type(), cells[i])
                            : json(column.type(), result.getString(place++)));
        }
        return row;
    }

    /** What {@link #selectChanged} returned: the columns that were different. */
    Map<String, String> readChanged(ResultSet result, int first) throws SQLException {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < sent.length; i++) {
            Column column = column(i);
            String marked = result.getString(first + i);
            if (marked != null) {
                String text = marked.equals(NULL) ? null : marked.substring(VALUE.length());
                row.put(column.name(), json(column.type(), text));
            }
        }
        return row;
    }

    /** The remote key alone, which every statement returns first. */
    Map<String, String> readKey(ResultSet result) throws SQLException {
        RemoteKey key = service.key();
        return Map.of(key.column(), json(key.type(), result.getString(1)));
    }

    private Column column(int place) {
        return service.columns().get(place);
    }

    static String json(ColumnType type, String text) {
        if (text == null) {
            return "null";
        }
        return switch (type) {
            case TEXT, UUID, DATE -> SentCell.quoted(text);
            case TIMESTAMPTZ -> SentCell.quoted(time(text));
            default -> text;
        };
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
