package io.webhookdb.connectors.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.control.SyncTargetSettings.Deletes;
import io.webhookdb.schemas.row.TableSql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What warehouses do beside: the vendor's driver against an emulator, which keeps rows in Postgres.
 * Nothing here has met a real service.
 */
abstract class WarehouseContract extends SyncTargetContract {
    /** Folder of the drivers. */
    @TempDir Path empty;

    abstract SyncTarget open(String password);

    /** What the emulator keeps its rows in. */
    abstract Connection connect() throws SQLException;

    /** Name of a schema, table or column as the warehouse spells it. */
    abstract String spelled(String name);

    /** The row with names as the catalogue has them. */
    abstract JsonNode named(SyncTable table, ObjectNode row);

    abstract Class<?> driver();

    /** What is said of a wrong password. */
    abstract String refusal();

    /** The next time rows of that table are staged, sessions end before they are merged. */
    abstract void endSessionsBeforeMerge(SyncTable table);

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
                                        + qualified(table)
                                        + " t WHERE "
                                        + TableSql.quoted(spelled("acme_id"))
                                        + " = ?")) {
            statement.setString(1, key);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? named(table, row(result.getString(1))) : null;
            }
        }
    }

    private static ObjectNode row(String json) throws Exception {
        return (ObjectNode)
                TestingRow.JSON
                        .reader()
                        .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                        .readTree(json);
    }

    /** A decimal comes back with all the digits its column has. */
    static JsonNode plain(JsonNode value) {
        return value != null && value.isBigDecimal()
                ? TestingRow.JSON.getNodeFactory().numberNode(value.doubleValue())
                : value;
    }

    private String qualified(SyncTable table) {
        return TableSql.qualified(spelled(table.schema()), spelled(table.table()));
    }

    @Override
    void drop(SyncTable table) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "DROP SCHEMA IF EXISTS "
                            + TableSql.quoted(spelled(table.schema()))
                            + " CASCADE");
        }
    }

    @Test
    void changesNothingWhenTheSessionEndsBetweenStageAndMerge() throws Exception {
        SyncTable table =
                TestingService.table(
                        "synced", "torn", TestingService.column("total", ColumnType.BIGINT));
        try (SyncTarget target = open()) {
            target.deliver(page(table, TestingRow.of("a", 1)));
            endSessionsBeforeMerge(table);
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
        Path jar = Path.of(driver().getProtectionDomain().getCodeSource().getLocation().toURI());
        Files.createSymbolicLink(empty.resolve(jar.getFileName()), jar);
        SyncTable table = TestingService.table("synced", "apart");
        try (SyncTarget target = open()) {
            target.deliver(page(table, TestingRow.of("a", 1)));
        }
        assertThat(stored(table, "a")).isNotNull();
    }

    @Test
    void takesAWrongPasswordForSomethingToMend() {
        try (SyncTarget target = open("wrong")) {
            SyncException failure =
                    failure(target, TestingService.table("synced", "none"), TestingRow.of("a", 1));
            assertThat(failure.failure()).isEqualTo(SyncFailure.CONFIGURATION);
            assertThat(failure).hasMessageContaining(refusal()).hasMessageNotContaining("wrong");
        }
    }

    static SyncException failure(SyncTarget target, SyncTable table, SyncRow row) {
        return catchThrowableOfType(SyncException.class, () -> target.deliver(page(table, row)));
    }

    static SyncPage page(SyncTable table, SyncRow... rows) {
        return new SyncPage(table, List.of(rows), Instant.ofEpochSecond(1));
    }
}
