package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.connectors.outbound.TestingCertificate;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.row.TableSql;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.connection.PostgresUrl.ChannelBinding;
import io.webhookdb.security.connection.PostgresUrl.SslMode;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /** Lanes of one target begin at the same time. */
    @Test
    void makesATableOnceHoweverManyLanesBeginWithIt() throws Exception {
        SyncTable table =
                TestingService.table(
                        "begun", "together", TestingService.column("total", ColumnType.BIGINT));
        for (int round = 0; round < 40; round++) {
            drop(table);
            List<CompletableFuture<Void>> lanes = new ArrayList<>();
            CountDownLatch all = new CountDownLatch(4);
            for (int lane = 0; lane < 4; lane++) {
                SyncRow row = TestingRow.of("row_" + lane, 1);
                lanes.add(CompletableFuture.runAsync(() -> begin(table, row, all)));
            }
            for (CompletableFuture<Void> lane : lanes) {
                lane.get();
            }
            for (int lane = 0; lane < 4; lane++) {
                assertThat(stored(table, "row_" + lane)).isNotNull();
            }
        }
    }

    private void begin(SyncTable table, SyncRow row, CountDownLatch all) {
        try (SyncTarget target = open()) {
            all.countDown();
            all.await();
            target.deliver(page(table, row));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void storesTheSameHoweverAPageTravels() throws Exception {
        SyncTable table =
                TestingService.table(
                        "synced",
                        "every",
                        TestingService.column("big", ColumnType.BIGINT),
                        TestingService.column("small", ColumnType.INTEGER),
                        TestingService.column("amount", ColumnType.NUMERIC),
                        TestingService.column("ratio", ColumnType.DOUBLE),
                        TestingService.column("paid", ColumnType.BOOLEAN),
                        TestingService.column("day", ColumnType.DATE),
                        TestingService.column("at", ColumnType.TIMESTAMPTZ),
                        TestingService.column("tags", ColumnType.TEXT_ARRAY),
                        TestingService.column("ids", ColumnType.BIGINT_ARRAY),
                        TestingService.column("few", ColumnType.INTEGER_ARRAY),
                        TestingService.column("extra", ColumnType.JSONB),
                        TestingService.column("note", ColumnType.TEXT));
        execute("DROP TABLE IF EXISTS synced.every");
        String[] rows = {
            """
            {"big": -9223372036854775808, "small": -1, "amount": -12345678901234567890.00010,
             "ratio": 1.5e-300, "paid": false, "day": "1969-12-31",
             "at": "1969-12-31T23:59:59.999999+00:00", "tags": [], "ids": [], "few": [],
             "extra": "text", "note": "1"}
            """,
            """
            {"big": 9223372036854775807, "amount": 0, "ratio": 0.1, "at": "2031-05-06T07:08:09+02:00",
             "tags": [null, "", "a\\"b\\\\", "ü,{}"], "ids": [1, null, -1], "few": [7],
             "extra": {"a": [1.50, {"b": null}], "ü": " "}, "note": 12.50}
            """,
            """
            {"amount": 10000.0000, "extra": -1.25, "note": true, "unknown": {"x": 1}}
            """,
            """
            {"amount": 0.00000001, "extra": [ ], "note": null}
            """,
            """
            {"amount": 99990000, "extra": false}
            """
        };
        List<SyncRow> page = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            ObjectNode cells = (ObjectNode) TestingRow.JSON.readTree("{}");
            SyncRow row = TestingRow.of("row" + i, 1, cells, "{\"i\": " + i + "}");
            page.add(
                    new SyncRow(
                            row.key(),
                            row.pk(),
                            row.version(),
                            false,
                            rows[i].getBytes(UTF_8),
                            row.data()));
        }
        try (SyncTarget target = open()) {
            // Into the new table; merged; and, since one column is not of the usual type, as JSON.
            target.deliver(new SyncPage(table, page, Instant.ofEpochSecond(1)));
            String copied = contents(table);
            target.deliver(new SyncPage(table, page, Instant.ofEpochSecond(1)));
            assertThat(contents(table)).isEqualTo(copied);
            target.rest();
            execute("TRUNCATE synced.every");
            target.deliver(new SyncPage(table, page, Instant.ofEpochSecond(1)));
            assertThat(contents(table)).isEqualTo(copied);
            target.rest();
            execute("TRUNCATE synced.every");
            execute("ALTER TABLE synced.every ALTER note TYPE varchar");
            target.deliver(new SyncPage(table, page, Instant.ofEpochSecond(1)));
            assertThat(contents(table)).isEqualTo(copied);
        } finally {
            execute("DROP TABLE IF EXISTS synced.every");
        }
    }

    private static String contents(SyncTable table) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery(
                                "SELECT string_agg((to_jsonb(t) - '_synced_at')::text"
                                        + " || (_synced_at IS NOT NULL)::text, E'\\n' ORDER BY pk)"
                                        + " FROM "
                                        + TableSql.qualified(table.schema(), table.table())
                                        + " t")) {
            result.next();
            return result.getString(1);
        }
    }

    @Test
    void canBeEndedWhileTheServerDoesNotAnswer() throws Exception {
        SyncTable table = TestingService.table("public", "locked");
        try (SyncTarget target = open();
                Connection other = connect();
                Statement lock = other.createStatement()) {
            target.deliver(page(table, TestingRow.of("a", 1)));
            other.setAutoCommit(false);
            lock.execute("LOCK TABLE locked");
            CompletableFuture<SyncException> failure =
                    CompletableFuture.supplyAsync(
                            () -> failure(target, table, TestingRow.of("a", 2)));
            await().until(() -> waitsForALock(lock));
            target.abort();
            // 55P03 would be the server's own timeout.
            assertThat(failure.get().sqlState()).startsWith("08");
            assertThat(failure.get().failure()).isEqualTo(SyncFailure.TRANSIENT);
            other.rollback();
            target.deliver(page(table, TestingRow.of("a", 3)));
            assertThat(stored(table, "a").get("_version")).isNotNull();
        } finally {
            execute("DROP TABLE IF EXISTS locked");
        }
    }

    private static boolean waitsForALock(Statement statement) throws SQLException {
        try (ResultSet result =
                statement.executeQuery("SELECT 1 FROM pg_locks WHERE NOT granted")) {
            return result.next();
        }
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
    void saysWhatTheServerMisses() throws Exception {
        SyncTable table =
                TestingService.table(
                        "synced", "picky", TestingService.column("total", ColumnType.BIGINT));
        execute("DROP TABLE IF EXISTS synced.picky");
        SyncRow secret =
                TestingRow.of(
                        "a", 1, TestingRow.JSON.createObjectNode().put("total", "secret"), "{}");
        try (SyncTarget target = open()) {
            target.deliver(page(table, TestingRow.of("a", 1)));
            assertThat(failure(target, table, secret))
                    .hasMessageContaining("a value is none of its column's type")
                    .hasMessageNotContaining("secret");
            execute("ALTER TABLE synced.picky ADD CONSTRAINT low CHECK (total < 5)");
            assertThat(failure(target, table, TestingRow.of("a", 7)))
                    .hasMessageContaining("constraint \"low\"");
            execute("DROP TABLE synced.picky");
            execute("CREATE TABLE synced.picky (acme_id text, mine int)");
            SyncException noKey = failure(target, table, TestingRow.of("a", 7));
            assertThat(noKey.failure()).isEqualTo(SyncFailure.CONFIGURATION);
            assertThat(noKey).hasMessageContaining("no unique or exclusion constraint");
            execute("ALTER TABLE synced.picky ADD UNIQUE (acme_id), ALTER mine SET NOT NULL");
            assertThat(failure(target, table, TestingRow.of("a", 7)))
                    .hasMessageContaining("column \"mine\" must not be null");
        } finally {
            execute("DROP TABLE IF EXISTS synced.picky");
        }
        try (SyncTarget wrong = open("127.0.0.0/8", server.superuser(), "wrong")) {
            assertThat(failure(wrong, table, secret))
                    .hasMessageContaining("does not accept user and password")
                    .hasMessageNotContaining(server.superuser());
        }
    }

    /** As behind a pooler, whose next session has none of them. */
    @ParameterizedTest
    @CsvSource({"bigint", "integer"})
    void goesOnWhereItsTemporaryTablesAreGone(String type) throws Exception {
        SyncTable table =
                TestingService.table(
                        "synced", "pooled", TestingService.column("total", ColumnType.BIGINT));
        execute("DROP TABLE IF EXISTS synced.pooled");
        try (SyncTarget target = open()) {
            target.deliver(page(table, TestingRow.of("a", 1)));
            // What is no longer of the usual type goes another way.
            execute("ALTER TABLE synced.pooled ALTER total TYPE " + type);
            loseTemporaryTablesWithEachTransaction("synced.pooled");
            target.rest();
            for (int total = 2; total < 5; total++) {
                target.deliver(page(table, TestingRow.of("a", total)));
                assertThat(stored(table, "a").get("total").asInt()).isEqualTo(total);
            }
        } finally {
            execute("DROP TABLE IF EXISTS synced.pooled");
            execute("DROP FUNCTION IF EXISTS lose_temporary");
        }
    }

    private static void loseTemporaryTablesWithEachTransaction(String table) throws SQLException {
        execute(
                "CREATE FUNCTION lose_temporary() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE t"
                        + " regclass; BEGIN FOR t IN SELECT oid FROM pg_class WHERE relnamespace ="
                        + " pg_my_temp_schema() AND relkind = 'r' LOOP EXECUTE 'DROP TABLE ' || t;"
                        + " END LOOP; RETURN NULL; END $$");
        execute(
                "CREATE CONSTRAINT TRIGGER lose AFTER INSERT OR UPDATE ON "
                        + table
                        + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION"
                        + " lose_temporary()");
    }

    @Test
    void checksCertificatesByTheAuthoritiesOfTheJvm(@TempDir Path folder) throws Exception {
        TestingCertificate certificate = TestingCertificate.of(folder, "dns:localhost", "-1H");
        Path pem = Files.writeString(folder.resolve("server.pem"), certificate.certificatePem());
        Path key = Files.writeString(folder.resolve("server.key"), certificate.keyPem());
        encrypted(pem, key);
        try {
            assertThat(verifying("localhost", Map.of())).contains("no authority that is trusted");
            assertThat(verifying("localhost", certificate.properties())).isEqualTo("connected");
            assertThat(verifying("127.0.0.1", certificate.properties()))
                    .contains("hostname 127.0.0.1 could not be verified");
        } finally {
            execute("ALTER SYSTEM RESET ALL");
            execute("SELECT pg_reload_conf()");
        }
    }

    /** The server's processes are another user's where this one may do everything. */
    private static void encrypted(Path certificate, Path key) throws Exception {
        Path data;
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SHOW data_directory")) {
            result.next();
            data = Path.of(result.getString(1));
        }
        for (Path file : List.of(certificate, key)) {
            Path there = Files.copy(file, data.resolve(file.getFileName()));
            Files.setOwner(there, Files.getOwner(data));
            Files.setPosixFilePermissions(there, PosixFilePermissions.fromString("rw-------"));
        }
        execute("ALTER SYSTEM SET ssl_cert_file = 'server.pem'");
        execute("ALTER SYSTEM SET ssl_key_file = 'server.key'");
        execute("ALTER SYSTEM SET ssl = on");
        execute("SELECT pg_reload_conf()");
        await().until(() -> usesTls());
    }

    private static boolean usesTls() throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(
                                server.jdbcUrl("postgres") + "?sslmode=prefer",
                                server.superuser(),
                                server.password());
                Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery(
                                "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
            result.next();
            return result.getBoolean(1);
        }
    }

    /** In a process of its own: the JVM knows one set of authorities for good. */
    private static String verifying(String host, Map<String, String> properties) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(VerifyingClient.class.getName());
        Process process = new ProcessBuilder(command).start();
        PostgresUrl url =
                new PostgresUrl(
                        host,
                        server.port(),
                        "postgres",
                        server.superuser(),
                        server.password(),
                        SslMode.VERIFY_FULL,
                        ChannelBinding.REQUIRE);
        try (OutputStream out = process.getOutputStream()) {
            out.write(url.url().getBytes(UTF_8));
        }
        return new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    }

    /** Says whether it came to a session with the URL it reads. */
    static final class VerifyingClient {
        private VerifyingClient() {}

        public static void main(String[] arguments) throws Exception {
            PostgresUrl url = PostgresUrl.parse(new String(System.in.readAllBytes(), UTF_8));
            try (Connection connection =
                    PostgresSessions.open(url, OutboundPolicy.parse("127.0.0.0/8 ::1"))) {
                System.out.println(connection.isClosed() ? "closed" : "connected");
            } catch (SQLException e) {
                System.out.println(PostgresSessions.failure(url.server(), e).getMessage());
            }
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
