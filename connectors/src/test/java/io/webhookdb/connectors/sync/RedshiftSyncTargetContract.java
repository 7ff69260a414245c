package io.webhookdb.connectors.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.connectors.sync.redshift.RedshiftEmulator;
import io.webhookdb.connectors.sync.redshift.RedshiftSyncTarget;
import io.webhookdb.connectors.sync.redshift.TestingBucket;
import io.webhookdb.connectors.sync.warehouse.Drivers;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.control.SyncTargetSettings.Deletes;
import io.webhookdb.schemas.row.TableSql;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.connection.PostgresUrl.SslMode;
import io.webhookdb.security.connection.RedshiftUrl;
import io.webhookdb.security.connection.RedshiftUrl.Staging;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The vendor's driver against an emulator; nothing here has met the real service. */
abstract class RedshiftSyncTargetContract extends SyncTargetContract {
    static RedshiftEmulator emulator;
    static TestingBucket bucket;
    private static EmbeddedPostgresServer postgres;

    @TempDir Path empty;

    @BeforeAll
    static void startServers() throws Exception {
        postgres = EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary());
        bucket = new TestingBucket();
        emulator = new RedshiftEmulator(postgres, bucket);
    }

    @AfterAll
    static void stopServers() {
        emulator.close();
        bucket.close();
        postgres.close();
    }

    /** How rows get there; null for inserts. */
    abstract Staging staging();

    @Override
    SyncTarget open() {
        return open(RedshiftEmulator.PASSWORD, staging());
    }

    SyncTarget open(String password, Staging staging) {
        return new RedshiftSyncTarget(
                new RedshiftUrl(
                        new PostgresUrl(
                                "127.0.0.1",
                                emulator.port(),
                                RedshiftEmulator.DATABASE,
                                RedshiftEmulator.USER,
                                password,
                                SslMode.DISABLE),
                        staging),
                bucket.endpoint(),
                OutboundPolicy.parse("127.0.0.0/8"),
                Drivers.in(empty));
    }

    @Override
    Order order() {
        return Order.BY_VERSION;
    }

    @Override
    JsonNode stored(SyncTable table, String key) throws Exception {
        try (Connection connection = emulator.connect(RedshiftEmulator.DATABASE);
                PreparedStatement statement =
                        connection.prepareStatement(
                                "SELECT row_to_json(t)::text FROM "
                                        + qualified(table)
                                        + " t WHERE acme_id = ?")) {
            statement.setString(1, key);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? named(table, result.getString(1)) : null;
            }
        }
    }

    /** Names as the catalogue has them, where Redshift knows only lower case. */
    private static JsonNode named(SyncTable table, String json) throws Exception {
        ObjectNode row =
                (ObjectNode)
                        TestingRow.JSON
                                .reader()
                                .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                                .readTree(json);
        for (Column column : table.service().columns()) {
            JsonNode value = row.get(column.name().toLowerCase(Locale.ROOT));
            row.set(
                    column.name(),
                    value != null && value.isBigDecimal()
                            ? TestingRow.JSON.getNodeFactory().numberNode(value.doubleValue())
                            : value);
        }
        return row;
    }

    private static String qualified(SyncTable table) {
        return TableSql.qualified(
                table.schema().toLowerCase(Locale.ROOT), table.table().toLowerCase(Locale.ROOT));
    }

    @Override
    void drop(SyncTable table) throws SQLException {
        try (Connection connection = emulator.connect(RedshiftEmulator.DATABASE);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "DROP SCHEMA IF EXISTS "
                            + TableSql.quoted(table.schema().toLowerCase(Locale.ROOT))
                            + " CASCADE");
        }
    }

    @AfterEach
    void sentOnlyKnownStatements() {
        List<String> refused = List.copyOf(emulator.refused());
        emulator.refused().clear();
        assertThat(refused).isEmpty();
    }

    @Test
    void refusesTextThatWouldBeCut() throws Exception {
        SyncTable table =
                TestingService.table(
                        "synced", "long", TestingService.column("note", ColumnType.TEXT));
        SyncRow bad =
                TestingRow.of(
                        "bad",
                        1,
                        TestingRow.JSON.createObjectNode().put("note", "ü".repeat(32_768)),
                        "{}");
        SyncRow good =
                TestingRow.of(
                        "good",
                        1,
                        TestingRow.JSON.createObjectNode().put("note", "ü".repeat(32_767)),
                        "{}");
        try (SyncTarget target = open()) {
            SyncException failure = failure(target, table, bad);
            assertThat(failure.failure()).isEqualTo(SyncFailure.POISON);
            assertThat(failure).hasMessageContaining("\"note\"").hasMessageContaining("65536");
            target.deliver(page(table, good));
        }
        assertThat(stored(table, "good").get("note").asText()).hasSize(32_767);
    }

    @Test
    void changesNothingWhenTheConnectionEndsBetweenDeleteAndInsert() throws Exception {
        SyncTable table =
                TestingService.table(
                        "synced", "torn", TestingService.column("total", ColumnType.BIGINT));
        try (SyncTarget target = open()) {
            target.deliver(page(table, TestingRow.of("a", 1)));
            emulator.disconnectBefore("INSERT INTO \"synced\".\"torn\"");
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
                        com.amazon.redshift.Driver.class
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
    void takesAWrongPasswordForSomethingToMend() {
        try (SyncTarget target = open("wrong", staging())) {
            SyncException failure =
                    failure(target, TestingService.table("synced", "none"), TestingRow.of("a", 1));
            assertThat(failure.failure()).isEqualTo(SyncFailure.CONFIGURATION);
            assertThat(failure).hasMessageNotContaining("wrong");
        }
    }

    static SyncException failure(SyncTarget target, SyncTable table, SyncRow row) {
        return catchThrowableOfType(SyncException.class, () -> target.deliver(page(table, row)));
    }

    static SyncPage page(SyncTable table, SyncRow... rows) {
        return new SyncPage(table, List.of(rows), Instant.ofEpochSecond(1));
    }
}
