package io.webhookdb.connectors.sync;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.connectors.sync.snowflake.SnowflakeEndpoint;
import io.webhookdb.connectors.sync.snowflake.SnowflakeSyncTarget;
import io.webhookdb.connectors.sync.warehouse.Drivers;
import io.webhookdb.security.connection.PrivateKeyPem;
import io.webhookdb.security.connection.SnowflakeUrl;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Properties;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The contract against an account, see docs/warehouses.md. Never in the normal build. */
@EnabledIfEnvironmentVariable(named = SnowflakeLive.URL, matches = ".+")
@Timeout(600)
class SnowflakeLive extends SyncTargetContract {
    static final String URL = "WEBHOOKDB_LIVE_SNOWFLAKE_URL";

    private final SnowflakeUrl account = SnowflakeUrl.parse(System.getenv(URL));

    @Override
    SyncTarget open() {
        return new SnowflakeSyncTarget(
                account,
                SnowflakeEndpoint.of(account),
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
                                "SELECT OBJECT_CONSTRUCT_KEEP_NULL(*) FROM "
                                        + name(table.schema())
                                        + "."
                                        + name(table.table())
                                        + " WHERE ACME_ID = ?")) {
            statement.setString(1, key);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? inLowerCase(result.getString(1)) : null;
            }
        }
    }

    private static JsonNode inLowerCase(String json) throws Exception {
        ObjectNode lower = TestingRow.JSON.createObjectNode();
        TestingRow.JSON
                .reader()
                .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .readTree(json)
                .properties()
                .forEach(
                        cell ->
                                lower.set(
                                        cell.getKey().matches("[A-Z_0-9]+")
                                                ? cell.getKey().toLowerCase(Locale.ROOT)
                                                : cell.getKey(),
                                        cell.getValue()));
        return lower;
    }

    private static String name(String name) {
        String kept = name.matches("[a-z_0-9]+") ? name.toUpperCase(Locale.ROOT) : name;
        return "\"" + kept.replace("\"", "\"\"") + "\"";
    }

    @Override
    void drop(SyncTable table) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA IF EXISTS " + name(table.schema()) + " CASCADE");
        }
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", account.user());
        properties.setProperty("db", account.database());
        account.options().forEach(properties::setProperty);
        properties.setProperty("JDBC_QUERY_RESULT_FORMAT", "JSON");
        properties.setProperty("TIMEZONE", "UTC");
        if (PrivateKeyPem.isOne(account.password())) {
            properties.setProperty("authenticator", "snowflake_jwt");
            properties.put("privateKey", PrivateKeyPem.parse(account.password()));
        } else {
            properties.setProperty("password", account.password());
        }
        return DriverManager.getConnection("jdbc:snowflake://" + account.host() + "/", properties);
    }
}
