package io.webhookdb.connectors.replica;

import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.row.PackedVersion;
import io.webhookdb.schemas.row.RowUpdate;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Reads what a statement of {@link UpsertSql} returns: for every row written its key, pk, version,
 * whether it is deleted, its data where the update did not bring it, whether its columns follow,
 * the former pk, then columns and former columns.
 */
final class WrittenRows {
    private static final int FIRST_COLUMN = 8;

    private final RowColumns columns;
    private final List<RowUpdate> rows;
    private final ColumnType keyType;
    private final Map<String, Integer> places;

    /**
     * @param places index in {@code rows} of each of the statement's rows
     */
    WrittenRows(RowColumns columns, List<RowUpdate> rows, int[] places) {
        this.columns = columns;
        this.rows = rows;
        this.keyType = columns.service().key().type();
        this.places = new HashMap<>(places.length * 2);
        for (int place : places) {
            this.places.put(sameForEqual(keyType, rows.get(place).key()), place);
        }
    }

    /** Keys as the server compares them. It has taken the batch, so each is a value of its type. */
    private static String sameForEqual(ColumnType type, String key) {
        return switch (type) {
            case INTEGER, BIGINT -> new BigInteger(key.strip()).toString();
            case NUMERIC -> new BigDecimal(key.strip()).stripTrailingZeros().toPlainString();
            case UUID -> UUID.fromString(key.strip()).toString();
            default -> key;
        };
    }

    List<StoredRow> read(ResultSet result) throws SQLException {
        List<StoredRow> stored = new ArrayList<>(places.size());
        while (result.next()) {
            stored.add(row(result));
        }
        return stored;
    }

    private StoredRow row(ResultSet result) throws SQLException {
        int place = places.get(sameForEqual(keyType, result.getString(1)));
        boolean whole = result.getBoolean(6);
        result.getLong(7);
        boolean hadRow = !result.wasNull();
        return new StoredRow(
                place,
                result.getLong(2),
                PackedVersion.ofBytes(result.getBytes(3)),
                result.getBoolean(4),
                whole
                        ? columns.read(result, FIRST_COLUMN, rows.get(place).cells())
                        : columns.readKey(result),
                result.getString(5),
                hadRow ? columns.readChanged(result, FIRST_COLUMN + columns.returned()) : null);
    }
}
