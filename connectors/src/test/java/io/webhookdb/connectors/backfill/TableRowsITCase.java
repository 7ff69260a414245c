package io.webhookdb.connectors.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.connectors.backfill.TableRows.Table;
import io.webhookdb.connectors.sync.OrganizationSessions;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.IntegrationControl.VerificationMode;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.control.OrganizationControl.Database;
import io.webhookdb.schemas.control.OrganizationControl.Database.RunBy;
import io.webhookdb.schemas.row.TableSql;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose databases are read, and how. */
class TableRowsITCase {
    private static final long ORGANIZATION = 7;
    private static final String TABLE = "customers";
    private static final ServiceDefinition SERVICE =
            Catalog.load().service("stripe_customer_v1").orElseThrow();

    @TempDir static Path directory;
    private static EmbeddedPostgresServer server;
    private static KeysetFolder keysets;

    @BeforeAll
    static void makeTable() throws SQLException {
        keysets = KeysetFolder.openOrGenerate(directory.resolve("keysets"));
        server = EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary());
        try (Connection connection =
                        DriverManager.getConnection(
                                server.jdbcUrl("postgres"), server.superuser(), server.password());
                Statement statement = connection.createStatement()) {
            statement.execute(TableSql.createTable(SERVICE, "public", TABLE));
            statement.execute(
                    "INSERT INTO customers (stripe_id, _version, _synced_at, data) VALUES"
                            + " ('cus_1', '', now(), '{\"id\": \"cus_1\"}')");
        }
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void readsWithoutBeingAbleToWrite() throws Exception {
        assertThat(keys("", RunBy.OPERATOR, null)).containsExactly("cus_1");

        try (Connection connection =
                        new TableConnections(sessions(""))
                                .open(organization(RunBy.OPERATOR, null));
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("DELETE FROM customers"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(e.getSQLState()).isEqualTo("25006"));
        }
    }

    @Test
    void dialsCustomersServersOnlyWhereThePolicyAllows() throws Exception {
        assertThatThrownBy(() -> keys("", RunBy.CUSTOMER, null))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.failure()).isEqualTo(ApiFailure.CONFIGURATION))
                .hasMessageContaining("127.0.0.1");

        assertThat(keys("127.0.0.0/8", RunBy.CUSTOMER, null)).containsExactly("cus_1");
    }

    /** The server offers no TLS. */
    @Test
    void sendsNothingInClearWhereTlsIsRequired() {
        assertThatThrownBy(() -> keys("127.0.0.0/8", RunBy.CUSTOMER, "require"))
                .isInstanceOf(ApiException.class)
                .hasStackTraceContaining("does not support SSL");
    }

    private static List<String> keys(String allowed, RunBy runBy, String sslMode)
            throws ApiException {
        IntegrationControl integration =
                new IntegrationControl(
                        "svi_1",
                        ORGANIZATION,
                        1,
                        State.ACTIVE,
                        SERVICE.name(),
                        SERVICE.hash(),
                        TABLE,
                        null,
                        VerificationMode.VERIFY,
                        1);
        return new TableRows(sessions(allowed))
                        .next(
                                new Table(organization(runBy, sslMode), integration, SERVICE, null),
                                0,
                                10)
                        .rows()
                        .stream()
                        .map(TableRows.Row::key)
                        .toList();
    }

    private static OrganizationSessions sessions(String allowed) {
        return new OrganizationSessions(keysets.connectionsOpener(), OutboundPolicy.parse(allowed));
    }

    private static OrganizationControl organization(RunBy runBy, String sslMode) {
        return new OrganizationControl(
                ORGANIZATION,
                "org",
                1,
                State.ACTIVE,
                new Database(
                        "127.0.0.1",
                        server.port(),
                        "postgres",
                        "public",
                        server.superuser(),
                        keysets.connectionsSealer()
                                .seal(
                                        server.password(),
                                        OrganizationControl.ownerPasswordContext(ORGANIZATION)),
                        1,
                        sslMode,
                        runBy));
    }
}
