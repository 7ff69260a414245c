package io.webhookdb.connectors.sync.warehouse;

import io.webhookdb.connectors.sync.SyncTable;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ColumnType;
import java.util.ArrayList;
import java.util.List;

/**
 * A column of a target table.
 *
 * @param name as in the replica
 * @param type as in the replica; bookkeeping in the nearest type a warehouse has
 */
public record WarehouseColumn(String name, ColumnType type) {
    /** Primary key in the replica. */
    public static final String PK = "pk";

    /** The row's version; sorts as text. */
    public static final String VERSION = "_version";

    /** When the row was written. */
    public static final String SYNCED_AT = "_synced_at";

    /** When the vendor deleted the resource; null while it lives. */
    public static final String DELETED_AT = "_deleted_at";

    /** The resource. */
    public static final String DATA = "data";

    /** All columns of a table, in the order of the Postgres target. */
    public static List<WarehouseColumn> of(SyncTable table) {
        List<WarehouseColumn> columns = new ArrayList<>();
        columns.add(new WarehouseColumn(PK, ColumnType.BIGINT));
        columns.add(
                new WarehouseColumn(table.service().key().column(), table.service().key().type()));
        for (Column column : table.service().columns()) {
            columns.add(new WarehouseColumn(column.name(), column.type()));
        }
        columns.add(new WarehouseColumn(VERSION, ColumnType.TEXT));
        columns.add(new WarehouseColumn(SYNCED_AT, ColumnType.TIMESTAMPTZ));
        columns.add(new WarehouseColumn(DELETED_AT, ColumnType.TIMESTAMPTZ));
        if (table.hasResource()) {
            columns.add(new WarehouseColumn(DATA, ColumnType.JSONB));
        }
        return List.copyOf(columns);
    }

    /** Whether cells are JSON. */
    public boolean isJson() {
        return type == ColumnType.JSONB || type.isArray();
    }
}
