package io.webhookdb.connectors.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.connectors.sync.redshift.RedshiftEmulator;
import io.webhookdb.connectors.sync.redshift.RedshiftSyncTarget;
import io.webhookdb.connectors.sync.redshift.TestingBucket;
import io.webhookdb.connectors.sync.warehouse.Drivers;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.row.TableSql;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.connection.PostgresUrl.SslMode;
import io.webhookdb.security.connection.RedshiftUrl;
import io.webhookdb.security.connection.RedshiftUrl.Staging;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Amazon's driver against {@link RedshiftEmulator}. */
abstract class RedshiftSyncTargetContract extends WarehouseContract {
    static RedshiftEmulator emulator;
    static TestingBucket bucket;
    private static EmbeddedPostgresServer postgres;

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

    @Override
    SyncTarget open(String password) {
        return open(password, staging());
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
    Connection connect() throws SQLException {
        return emulator.connect(RedshiftEmulator.DATABASE);
    }

    /** Redshift knows only lower case. */
    @Override
    String spelled(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    JsonNode named(SyncTable table, ObjectNode row) {
        for (Column column : table.service().columns()) {
            row.set(column.name(), plain(row.get(spelled(column.name()))));
        }
        return row;
    }

    @Override
    Class<?> driver() {
        return com.amazon.redshift.Driver.class;
    }

    @Override
    String refusal() {
        return "login, name or privilege refused";
    }

    @Override
    void endSessionsBeforeMerge(SyncTable table) {
        emulator.disconnectBefore(
                "INSERT INTO " + TableSql.qualified(table.schema(), table.table()));
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
}
