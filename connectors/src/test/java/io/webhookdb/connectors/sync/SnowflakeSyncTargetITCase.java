package io.webhookdb.connectors.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.connectors.sync.snowflake.SnowflakeEmulator;
import io.webhookdb.connectors.sync.snowflake.SnowflakeEndpoint;
import io.webhookdb.connectors.sync.snowflake.SnowflakeSyncTarget;
import io.webhookdb.connectors.sync.warehouse.Drivers;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.control.SyncTargetSettings.Deletes;
import io.webhookdb.schemas.row.TableSql;
import io.webhookdb.security.connection.SnowflakeUrl;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The vendor's driver against an emulator; nothing here has met the real service. */
class SnowflakeSyncTargetITCase extends SyncTargetContract {
    private static final String USER = "LOADER";
    private static final String PASSWORD = "pass word";

    private static EmbeddedPostgresServer postgres;
    private static SnowflakeEmulator emulator;

    @TempDir Path empty;

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
    Order order() {
        return Order.BY_VERSION;
    }

    @Override
    JsonNode stored(SyncTable table, String key) throws Exception {
        try (Connection connection = connect(SnowflakeEmulator.DATABASE);
                PreparedStatement statement =
                        connection.prepareStatement(
                                "SELECT row_to_json(t)::text FROM "
                                        + qualified(table)
                                        + " t WHERE \"ACME_ID\" = ?")) {
            statement.setString(1, key);
            try (ResultSet result = statement.executeQuery()) {
                return result.next()
                        ? inLowerCase(
                                TestingRow.JSON
                                        .reader()
                                        .with(
                                                com.fasterxml.jackson.databind
                                                        .DeserializationFeature
                                                        .USE_BIG_DECIMAL_FOR_FLOATS)
                                        .readTree(result.getString(1)))
                        : null;
            }
        }
    }

    private static String qualified(SyncTable table) {
        return TableSql.qualified(upper(table.schema()), upper(table.table()));
    }

    private static String upper(String name) {
        return name.matches("[a-z_0-9]+") ? name.toUpperCase(Locale.ROOT) : name;
    }

    private static JsonNode inLowerCase(JsonNode row) {
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

    /** A decimal comes back with all the digits its column has. */
    private static JsonNode plain(JsonNode value) {
        return value.isBigDecimal()
                ? TestingRow.JSON.getNodeFactory().numberNode(value.doubleValue())
                : value;
    }

    @Override
    void drop(SyncTable table) throws SQLException {
        execute("DROP TABLE IF EXISTS " + qualified(table));
        execute("DROP SCHEMA IF EXISTS " + TableSql.quoted(upper(table.schema())) + " CASCADE");
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
    void takesAWrongPasswordForSomethingToMend() {
        try (SyncTarget target = open("wrong", emulator)) {
            SyncException failure =
                    failure(target, TestingService.table("synced", "none"), TestingRow.of("a", 1));
            assertThat(failure.failure()).isEqualTo(SyncFailure.CONFIGURATION);
            assertThat(failure)
                    .hasMessageContaining("login refused")
                    .hasMessageNotContaining("wrong");
        }
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
    void changesNothingWhenTheSessionEndsBetweenStageAndMerge() throws Exception {
        SyncTable table =
                TestingService.table(
                        "synced", "torn", TestingService.column("total", ColumnType.BIGINT));
        try (SyncTarget target = open()) {
            target.deliver(page(table, TestingRow.of("a", 1)));
            emulator.endSessionsBefore("MERGE");
            assertThat(failure(target, table, TestingRow.of("a", 2)).failure())
                    .isEqualTo(SyncFailure.TRANSIENT);
            assertThat(stored(table, "a").get("total").asLong()).isEqualTo(1);
            target.deliver(page(table, TestingRow.of("a", 2)));
        }
        assertThat(stored(table, "a").get("total").asLong()).isEqualTo(2);
    }

    @Test
    void removesDeletedRowsWhereThatIsWanted() throws Exception {
        SyncTable marked =
                TestingService.table(
                        "synced", "removed", TestingService.column("total", ColumnType.BIGINT));
        SyncTable table =
                new SyncTable(
                        marked.integration(),
                        marked.service(),
                        marked.source(),
                        marked.schema(),
                        marked.table(),
                        SyncTable.Resource.ABSENT,
                        Deletes.REMOVED);
        try (SyncTarget target = open()) {
            target.deliver(
                    page(
                            table,
                            TestingRow.of("a", 1),
                            TestingRow.of("b", 5),
                            TestingRow.of("c", 1)));
            target.deliver(
                    page(
                            table,
                            TestingRow.deleted("a", 2),
                            TestingRow.deleted("b", 4),
                            TestingRow.deleted("never", 2)));
        }
        assertThat(stored(table, "a")).isNull();
        assertThat(stored(table, "b").get("total").asLong()).isEqualTo(5);
        assertThat(stored(table, "b").has("data")).isFalse();
        assertThat(stored(table, "c")).isNotNull();
        assertThat(stored(table, "never")).isNull();
    }

    @Test
    void worksWithADriverThatSeesNoneOfOurClasses() throws Exception {
        Path jar =
                Path.of(
                        net.snowflake.client.api.driver.SnowflakeDriver.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        Files.createSymbolicLink(empty.resolve(jar.getFileName()), jar);
        SyncTable table = TestingService.table("synced", "apart");
        try (SyncTarget target = open()) {
            target.deliver(page(table, TestingRow.of("a", 1)));
        }
        assertThat(stored(table, "a")).isNotNull();
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

    private static SyncException failure(SyncTarget target, SyncTable table, SyncRow row) {
        return catchThrowableOfType(SyncException.class, () -> target.deliver(page(table, row)));
    }

    private static SyncPage page(SyncTable table, SyncRow... rows) {
        return new SyncPage(table, List.of(rows), Instant.ofEpochSecond(1));
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = connect(SnowflakeEmulator.DATABASE);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                postgres.jdbcUrl(database), postgres.superuser(), postgres.password());
    }
}
