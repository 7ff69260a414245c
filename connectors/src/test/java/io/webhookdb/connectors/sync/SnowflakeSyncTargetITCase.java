package io.webhookdb.connectors.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.connectors.sync.snowflake.SnowflakeEmulator;
import io.webhookdb.connectors.sync.snowflake.SnowflakeEndpoint;
import io.webhookdb.connectors.sync.snowflake.SnowflakeSyncTarget;
import io.webhookdb.connectors.sync.warehouse.Drivers;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.security.connection.SnowflakeUrl;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Snowflake's driver against {@link SnowflakeEmulator}. */
class SnowflakeSyncTargetITCase extends WarehouseContract {
    private static final String USER = "LOADER";
    private static final String PASSWORD = "pass word";

    private static EmbeddedPostgresServer postgres;
    private static SnowflakeEmulator emulator;

    @BeforeAll
    static void startServers() throws Exception {
        postgres = EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary());
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE \"" + SnowflakeEmulator.DATABASE + "\"");
        }
        emulator = new SnowflakeEmulator(postgres, USER, PASSWORD);
    }

    @AfterAll
    static void stopServers() {
        emulator.close();
        postgres.close();
    }

    @Override
    SyncTarget open() {
        return open(PASSWORD, emulator);
    }

    @Override
    SyncTarget open(String password) {
        return open(password, emulator);
    }

    private SyncTarget open(String password, SnowflakeEmulator where) {
        return open(
                new SnowflakeUrl(
                        "acme.snowflakecomputing.com",
                        "acme",
                        "",
                        Map.of("warehouse", "load wh", "role", "writer"),
                        USER,
                        password),
                where,
                "127.0.0.0/8");
    }

    private SyncTarget open(SnowflakeUrl url, SnowflakeEmulator where, String allowed) {
        return new SnowflakeSyncTarget(
                url,
                new SnowflakeEndpoint("http", "127.0.0.1", where.port()),
                OutboundPolicy.parse(allowed),
                Drivers.in(empty));
    }

    @Override
    Connection connect() throws SQLException {
        return connect(SnowflakeEmulator.DATABASE);
    }

    @Override
    String spelled(String name) {
        return name.matches("[a-z_0-9]+") ? name.toUpperCase(Locale.ROOT) : name;
    }

    @Override
    JsonNode named(SyncTable table, ObjectNode row) {
        ObjectNode lower = TestingRow.JSON.createObjectNode();
        row.properties()
                .forEach(
                        cell ->
                                lower.set(
                                        cell.getKey().matches("[A-Z_0-9]+")
                                                ? cell.getKey().toLowerCase(Locale.ROOT)
                                                : cell.getKey(),
                                        plain(cell.getValue())));
        return lower;
    }

    @Override
    Class<?> driver() {
        return net.snowflake.client.api.driver.SnowflakeDriver.class;
    }

    @Override
    String refusal() {
        return "login refused";
    }

    @Override
    void endSessionsBeforeMerge(SyncTable table) {
        emulator.endSessionsBefore("MERGE");
    }

    @Test
    void asksForWarehouseAndRole() throws Exception {
        try (SyncTarget target = open()) {
            target.deliver(page(TestingService.table("synced", "asks"), TestingRow.of("a", 1)));
        }
        assertThat(emulator.logins()).contains("warehouse=\"load+wh\"", "roleName=WRITER");
    }

    @Test
    void logsInWithAKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        String pem =
                "-----BEGIN PRIVATE KEY-----"
                        + Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded())
                        + "-----END PRIVATE KEY-----";
        SyncTable table = TestingService.table("synced", "keyed");
        try (SnowflakeEmulator keyed = new SnowflakeEmulator(postgres, USER, PASSWORD);
                SyncTarget target = open(pem, keyed)) {
            assertThat(failure(target, table, TestingRow.of("a", 1)).failure())
                    .isEqualTo(SyncFailure.CONFIGURATION);
            keyed.acceptKey(pair.getPublic());
            target.deliver(page(table, TestingRow.of("a", 1)));
        }
        assertThat(stored(table, "a")).isNotNull();
    }

    @Test
    void commitsInAnAccountWithoutAutocommit() throws Exception {
        SyncTable table = TestingService.table("synced", "committed");
        try (SnowflakeEmulator other = new SnowflakeEmulator(postgres, USER, PASSWORD)) {
            other.turnAutocommitOff();
            try (SyncTarget target = open(PASSWORD, other)) {
                target.deliver(page(table, TestingRow.of("a", 1)));
            }
        }
        assertThat(stored(table, "a")).isNotNull();
    }

    @Test
    void refusesAnAddressThatIsNotListed() {
        SnowflakeUrl url = SnowflakeUrl.parse("snowflake://u:p@acme/db");
        try (SyncTarget target = open(url, emulator, "")) {
            SyncException failure =
                    failure(target, TestingService.table("synced", "none"), TestingRow.of("a", 1));
            assertThat(failure.failure()).isEqualTo(SyncFailure.CONFIGURATION);
            assertThat(failure).hasMessageContaining("127.0.0.1");
        }
    }

    @Test
    void namesTheColumnThatCannotHoldAValue() throws Exception {
        SyncTable table =
                TestingService.table(
                        "synced", "poisoned", TestingService.column("total", ColumnType.BIGINT));
        SyncRow bad =
                TestingRow.of(
                        "bad", 1, TestingRow.JSON.createObjectNode().put("total", "many"), "{}");
        try (SyncTarget target = open()) {
            SyncException failure = failure(target, table, bad);
            assertThat(failure.failure()).isEqualTo(SyncFailure.POISON);
            assertThat(failure).hasMessageContaining("\"total\"").hasMessageNotContaining("many");
            target.deliver(page(table, TestingRow.of("good", 2)));
        }
        assertThat(stored(table, "good").get("total").asLong()).isEqualTo(2);
    }

    @Test
    void goesOnInANewSessionAfterOneHasEnded() throws Exception {
        SyncTable table = TestingService.table("synced", "ended");
        try (SyncTarget target = open()) {
            target.deliver(page(table, TestingRow.of("a", 1)));
            emulator.endSessions();
            assertThat(failure(target, table, TestingRow.of("b", 2)).failure())
                    .isEqualTo(SyncFailure.TRANSIENT);
            target.deliver(page(table, TestingRow.of("b", 2)));
        }
        assertThat(stored(table, "b")).isNotNull();
    }

    @Test
    void usesTheSchemaOfTheUrlUnlessTheTargetHasOne() throws Exception {
        SnowflakeUrl url =
                new SnowflakeUrl(
                        "acme.snowflakecomputing.com", "acme", "raw", Map.of(), USER, PASSWORD);
        try (SyncTarget target = open(url, emulator, "127.0.0.0/8")) {
            target.deliver(page(TestingService.table("public", "here"), TestingRow.of("a", 1)));
            target.deliver(page(TestingService.table("other", "here"), TestingRow.of("a", 1)));
        }
        assertThat(stored(TestingService.table("raw", "here"), "a")).isNotNull();
        assertThat(stored(TestingService.table("other", "here"), "a")).isNotNull();
    }

    private static Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                postgres.jdbcUrl(database), postgres.superuser(), postgres.password());
    }
}
