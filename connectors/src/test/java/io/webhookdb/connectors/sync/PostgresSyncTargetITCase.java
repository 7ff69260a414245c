package io.webhookdb.connectors.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.row.TableSql;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresSyncTargetITCase extends SyncTargetContract {
    private static EmbeddedPostgresServer server;

    @BeforeAll
    static void startServer() {
        server = EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary());
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    SyncTarget open() {
        return open("127.0.0.0/8", server.superuser(), server.password());
    }

    private static SyncTarget open(String allowed, String user, String password) {
        return new PostgresSyncTarget(
                new PostgresUrl("localhost", server.port(), "postgres", user, password),
                OutboundPolicy.parse(allowed + " ::1"));
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
                                "SELECT row_to_json(t)::text FROM "
                                        + TableSql.qualified(table.schema(), table.table())
                                        + " t WHERE acme_id = ?")) {
            statement.setString(1, key);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? TestingRow.JSON.readTree(result.getString(1)) : null;
            }
        }
    }

    @Override
    void drop(SyncTable table) throws SQLException {
        execute("DROP TABLE IF EXISTS " + TableSql.qualified(table.schema(), table.table()));
        execute("DROP SCHEMA IF EXISTS " + TableSql.quoted(table.schema()));
    }

    @Test
    void condemnsOnlyTheRowTheTableCannotTake() throws Exception {
        SyncTable table =
                TestingService.table(
                        "synced", "orders", TestingService.column("total", ColumnType.BIGINT));
        SyncRow bad =
                TestingRow.of(
                        "bad", 1, TestingRow.JSON.createObjectNode().put("total", "many"), "{}");
        try (SyncTarget target = open()) {
            SyncException failure = failure(target, table, bad);
            assertThat(failure.failure()).isEqualTo(SyncFailure.POISON);
            assertThat(failure.sqlState()).isEqualTo("22P02");
            target.deliver(page(table, TestingRow.of("good", 2)));
        }
        assertThat(stored(table, "good").get("total").asLong()).isEqualTo(2);
    }

    @Test
    void callsMissingRightsAConfigurationFailure() throws Exception {
        execute("DROP ROLE IF EXISTS guest");
        execute("CREATE ROLE guest LOGIN PASSWORD 'guest'");
        SyncTable table = TestingService.table("forbidden", "orders");
        try (SyncTarget target = open("127.0.0.0/8", "guest", "guest");
                SyncTarget wrong = open("127.0.0.0/8", "guest", "wrong")) {
            assertThat(failure(target, table, TestingRow.of("a", 1)).failure())
                    .isEqualTo(SyncFailure.CONFIGURATION);
            assertThat(failure(wrong, table, TestingRow.of("a", 1)).failure())
                    .isEqualTo(SyncFailure.CONFIGURATION);
        }
    }

    @Test
    void writesToATableItsRoleMayOnlyWriteTo() throws Exception {
        SyncTable table = TestingService.table("public", "granted");
        execute("DROP TABLE IF EXISTS granted");
        try (SyncTarget owner = open()) {
            owner.deliver(page(table, TestingRow.of("a", 1)));
        }
        execute("DROP ROLE IF EXISTS writer");
        execute("CREATE ROLE writer LOGIN PASSWORD 'writer'");
        execute("GRANT SELECT, INSERT, UPDATE ON granted TO writer");
        try (SyncTarget writer = open("127.0.0.0/8", "writer", "writer")) {
            writer.deliver(page(table, TestingRow.of("b", 2)));
        } finally {
            execute("DROP TABLE granted");
            execute("DROP ROLE writer");
        }
    }

    @Test
    void refusesAnAddressThatIsNotListed() throws Exception {
        SyncTable table = TestingService.table("synced", "orders");
        try (SyncTarget target =
                new PostgresSyncTarget(
                        new PostgresUrl(
                                "127.0.0.1",
                                server.port(),
                                "postgres",
                                server.superuser(),
                                server.password()),
                        OutboundPolicy.parse(""))) {
            SyncException failure = failure(target, table, TestingRow.of("a", 1));
            assertThat(failure.failure()).isEqualTo(SyncFailure.CONFIGURATION);
            assertThat(failure).hasMessageContaining("127.0.0.1");
        }
    }

    private static SyncException failure(SyncTarget target, SyncTable table, SyncRow row) {
        return catchThrowableOfType(SyncException.class, () -> target.deliver(page(table, row)));
    }

    private static SyncPage page(SyncTable table, SyncRow row) {
        return new SyncPage(table, List.of(row), Instant.ofEpochSecond(1));
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect() throws SQLException {
        Connection connection =
                DriverManager.getConnection(
                        server.jdbcUrl("postgres"), server.superuser(), server.password());
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
        }
        return connection;
    }
}
