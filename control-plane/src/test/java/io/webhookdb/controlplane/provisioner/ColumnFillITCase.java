package io.webhookdb.controlplane.provisioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.controlplane.TestingControlTopic;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.security.connection.PostgresUrl;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A newer catalogue's columns come into tables that are being written. */
class ColumnFillITCase {
    private static final String SERVICE = "stripe_customer_v1";
    private static final int ROWS = Integer.getInteger("webhookdb.columns.rows", 20_000);
    private static final int WRITES_PER_SECOND = 1_000;
    private static final Duration COLUMNS_KNOWN = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofSeconds(120 + ROWS / 2_000);

    @TempDir Path keysets;

    @Test
    void addsFillsAndIndexesAColumnWhileNobodyWhoWritesWaitsForHalfASecond() throws Exception {
        try (TestingSystem system = TestingSystem.start(keysets.resolve("keysets"))) {
            TestingTenant tenant = TestingTenant.of(system, "columns@example.org", SERVICE);
            system.stopProvisioner();
            long revision = announced(system, tenant).revision();
            asIfMadeByAnOlderCatalogue(system, tenant);
            seed(tenant);
            long started = System.nanoTime();
            AtomicInteger written = new AtomicInteger();
            AtomicBoolean knowsTheColumn = new AtomicBoolean();
            AtomicReference<SQLException> blocked = new AtomicReference<>();
            ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();
            try (Connection connection = TestingSystem.connect(tenant.owner())) {
                writer.scheduleAtFixedRate(
                        () -> write(connection, tenant, knowsTheColumn.get(), written, blocked),
                        0,
                        10,
                        TimeUnit.MILLISECONDS);
                await().atMost(LIMIT).until(() -> written.get() > 0 || blocked.get() != null);

                system.startProvisioner(usual -> usual.withColumnsKnown(COLUMNS_KNOWN));

                ServiceDefinition newest = Catalog.load().service(SERVICE).orElseThrow();
                await().atMost(LIMIT).until(() -> announced(system, tenant).revision() > revision);
                assertThat(announced(system, tenant).definition()).isEqualTo(newest.hash());
                knowsTheColumn.set(true);
                await().atMost(LIMIT).until(() -> isFilled(tenant));
                await().atMost(LIMIT).until(() -> hasIndex(tenant));
                await().atMost(LIMIT).until(() -> isFinished(system));
                writer.shutdown();
                assertThat(writer.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            }
            assertThat((Throwable) blocked.get()).isNull();
            System.out.printf(
                    "column of %,d rows added, filled and indexed in %,d ms; %,d rows written"
                            + " meanwhile%n",
                    ROWS,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started),
                    written.get() * WRITES_PER_SECOND / 100);
            assertThat(written.get()).isGreaterThan(WRITES_PER_SECOND / 10);
            assertThat(
                            text(
                                    tenant.owner(),
                                    "SELECT email FROM "
                                            + table(tenant)
                                            + " WHERE stripe_id = 'cus_17'"))
                    .isEqualTo("17@example.com");
        }
    }

    /** What writers are told of the table. */
    private static IntegrationControl announced(TestingSystem system, TestingTenant tenant) {
        return (IntegrationControl)
                TestingControlTopic.newest(
                                system.bootstrap(), IntegrationControl.key(tenant.integration()))
                        .orElseThrow();
    }

    private static boolean isFinished(TestingSystem system) throws SQLException {
        return text(
                        system.application(),
                        "SELECT count(*) FROM column_fills WHERE pass = 2 AND finished_at IS NOT"
                                + " NULL")
                .equals("1");
    }

    /** A definition without the column, and a table without it. */
    private static void asIfMadeByAnOlderCatalogue(TestingSystem system, TestingTenant tenant)
            throws Exception {
        JsonMapper mapper = new JsonMapper();
        try (Connection application = TestingSystem.connect(system.application());
                Statement statement = application.createStatement()) {
            ObjectNode definition =
                    (ObjectNode)
                            mapper.readTree(
                                    text(
                                            system.application(),
                                            "SELECT definition FROM definitions WHERE service_name"
                                                    + " = '"
                                                    + SERVICE
                                                    + "'"));
            ArrayNode columns = (ArrayNode) definition.get("columns");
            for (int i = columns.size() - 1; i >= 0; i--) {
                if (columns.get(i).get("name").asText().equals("email")) {
                    columns.remove(i);
                }
            }
            statement.execute(
                    "INSERT INTO definitions (hash, service_name, definition) VALUES ('older', '"
                            + SERVICE
                            + "', '"
                            + definition.toString().replace("'", "''")
                            + "')");
            statement.execute("UPDATE integrations SET definition_hash = 'older'");
        }
        execute(tenant.owner(), "ALTER TABLE " + table(tenant) + " DROP COLUMN email");
    }

    private static void seed(TestingTenant tenant) throws SQLException {
        execute(
                tenant.owner(),
                "INSERT INTO "
                        + table(tenant)
                        + " (stripe_id, _version, _synced_at, data) SELECT 'cus_' || n,"
                        + " decode(repeat('01', 73), 'hex'), now() - interval '1 hour',"
                        + " jsonb_build_object('id', 'cus_' || n, 'email', n || '@example.com')"
                        + " FROM generate_series(1, "
                        + ROWS
                        + ") n");
    }

    /** A wait of half a second fails. */
    private static void write(
            Connection connection,
            TestingTenant tenant,
            boolean knowsTheColumn,
            AtomicInteger written,
            AtomicReference<SQLException> blocked) {
        try (Statement settings = connection.createStatement();
                PreparedStatement write =
                        connection.prepareStatement(
                                "UPDATE "
                                        + table(tenant)
                                        + " SET _version = decode(repeat('02', 73), 'hex'),"
                                        + (knowsTheColumn ? " email = data ->> 'email'," : "")
                                        + " _synced_at = clock_timestamp() WHERE stripe_id = ANY"
                                        + " (?)")) {
            settings.execute("SET lock_timeout = '500ms'");
            int first = written.get() * WRITES_PER_SECOND / 100;
            String[] keys = new String[WRITES_PER_SECOND / 100];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = "cus_" + (1 + (first + i) % ROWS);
            }
            write.setArray(1, connection.createArrayOf("text", keys));
            write.executeUpdate();
            written.incrementAndGet();
        } catch (SQLException e) {
            blocked.compareAndSet(null, e);
        }
    }

    private static boolean isFilled(TestingTenant tenant) throws SQLException {
        List<String> columns =
                List.of(
                        text(
                                        tenant.owner(),
                                        "SELECT string_agg(column_name, ',') FROM"
                                                + " information_schema.columns WHERE table_name = '"
                                                + tenant.table()
                                                + "'")
                                .split(","));
        return columns.contains("email")
                && text(
                                tenant.owner(),
                                "SELECT count(*) FROM " + table(tenant) + " WHERE email IS NULL")
                        .equals("0");
    }

    private static boolean hasIndex(TestingTenant tenant) throws SQLException {
        return text(
                        tenant.owner(),
                        "SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                                + " WHERE i.indisvalid AND c.relname = '"
                                + tenant.integration()
                                + "_email_idx'")
                .equals("1");
    }

    private static String table(TestingTenant tenant) {
        return '"' + tenant.table() + '"';
    }

    private static void execute(PostgresUrl url, String sql) throws SQLException {
        try (Connection connection = TestingSystem.connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(PostgresUrl url, String sql) throws SQLException {
        try (Connection connection = TestingSystem.connect(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
