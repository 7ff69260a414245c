package io.webhookdb.connectors.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.connectors.sync.redshift.RedshiftSyncTarget;
import io.webhookdb.connectors.sync.redshift.S3Bucket;
import io.webhookdb.connectors.sync.warehouse.Drivers;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.row.TableSql;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.connection.RedshiftUrl;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Properties;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The contract against a cluster, see docs/warehouses.md. Never in the normal build. */
@EnabledIfEnvironmentVariable(named = RedshiftLive.URL, matches = ".+")
@Timeout(600)
class RedshiftLive extends SyncTargetContract {
    static final String URL = "WEBHOOKDB_LIVE_REDSHIFT_URL";

    private final RedshiftUrl url = RedshiftUrl.parse(System.getenv(URL));

    @Override
    SyncTarget open() {
        return new RedshiftSyncTarget(
                url,
                S3Bucket.endpoint(url.staging()),
                OutboundPolicy.parse(""),
                Drivers.ofProcess());
    }

    @Override
    Order order() {
        return Order.BY_VERSION;
    }

    @Override
    JsonNode stored(SyncTable table, String key) throws Exception {
        try (Connection connection = connect();
                PreparedStatement statement =
                        connection.prepareStatement(
                                "SELECT * FROM " + name(table) + " WHERE acme_id = ?")) {
            statement.setString(1, key);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? row(table, result) : null;
            }
        }
    }

    private static JsonNode row(SyncTable table, ResultSet result) throws Exception {
        ObjectNode row = TestingRow.JSON.createObjectNode();
        row.put("pk", result.getLong("pk"));
        OffsetDateTime deleted = result.getObject("_deleted_at", OffsetDateTime.class);
        row.put("_deleted_at", deleted == null ? null : deleted.toInstant().toString());
        row.set("data", TestingRow.JSON.readTree(result.getString("data")));
        for (Column column : table.service().columns()) {
            String text = result.getString(column.name().toLowerCase(Locale.ROOT));
            ColumnType type = column.type();
            boolean isText =
                    type == ColumnType.TEXT || type == ColumnType.UUID || type == ColumnType.DATE;
            if (text == null) {
                row.putNull(column.name());
            } else if (isText) {
                row.put(column.name(), text);
            } else if (type == ColumnType.BOOLEAN) {
                row.put(column.name(), text.startsWith("t"));
            } else if (type == ColumnType.TIMESTAMPTZ) {
                row.put(column.name(), text.replace(' ', 'T').replaceFirst("\\+00$", "+00:00"));
            } else {
                row.set(column.name(), TestingRow.JSON.readTree(text));
            }
        }
        return row;
    }

    private static String name(SyncTable table) {
        return TableSql.qualified(
                table.schema().toLowerCase(Locale.ROOT), table.table().toLowerCase(Locale.ROOT));
    }

    @Override
    void drop(SyncTable table) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "DROP SCHEMA IF EXISTS "
                            + TableSql.quoted(table.schema().toLowerCase(Locale.ROOT))
                            + " CASCADE");
        }
    }

    private Connection connect() throws SQLException {
        PostgresUrl database = url.database();
        Properties properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password());
        return DriverManager.getConnection(
                "jdbc:redshift://" + database.server() + "/" + database.database(), properties);
    }
}
