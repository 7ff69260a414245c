package io.webhookdb.connectors.sync;

import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.catalog.RemoteKey;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.util.List;

/** Services with whatever columns a test needs. */
final class TestingService {
    private TestingService() {}

    static Column column(String name, ColumnType type) {
        return new Column(name, type, "/" + name, null, null, null, null, null);
    }

    static ServiceDefinition of(Column... columns) {
        return new ServiceDefinition(
                "acme_order_v1",
                "acme",
                "Acme",
                "Order",
                "Orders",
                null,
                List.of(ServiceDefinition.Mode.WEBHOOK),
                new RemoteKey(TestingRow.KEY_COLUMN, ColumnType.TEXT, "/id"),
                List.of(columns),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    static SyncTable table(String schema, String table, Column... columns) {
        return new SyncTable("svi_1", of(columns), "orders_1", schema, table);
    }
}
