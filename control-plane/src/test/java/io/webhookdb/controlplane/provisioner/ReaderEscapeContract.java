package io.webhookdb.controlplane.provisioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the holder of a connection string may try, over the connection string itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ReaderEscapeContract {
    /** Every session starts by lifting the defaults a role may lift itself. */
    private static final String LIFTED =
            "SET default_transaction_read_only = off; SET statement_timeout = 0";

    private static final String ACL =
            "SELECT relacl::text FROM pg_catalog.pg_class WHERE relname = '%s'";

    private final Isolation isolation;
    private TestingSystem system;
    private TestingTenant tenant;
    private TestingTenant other;
    private PostgresUrl reader;
    private PostgresUrl owner;
    private String schema;

    ReaderEscapeContract(Isolation isolation) {
        this.isolation = isolation;
    }

    /** A system of that isolation. */
    abstract TestingSystem system();

    @BeforeEach
    void ensureTenants() throws SQLException {
        if (tenant == null) {
            system = system();
            tenant = TestingTenant.of(system, "escape@example.org", "stripe_customer_v1");
            other = TestingTenant.of(system, "escape-other@example.org", "stripe_customer_v1");
            reader = tenant.reader();
            owner = tenant.owner();
            schema = tenant.control().database().schema();
            try (Connection connection = TestingSystem.connect(owner);
                    Statement statement = connection.createStatement()) {
                statement.execute(
                        "INSERT INTO "
                                + tenant.table()
                                + " (stripe_id, _version, _synced_at, data) VALUES ('cus_1', '',"
                                + " now(), '{}')");
            }
        }
    }

    static Stream<String> statements() {
        return Stream.of(
                "INSERT INTO $T (stripe_id, _version, _synced_at, data) VALUES ('x', '', now(),"
                        + " '{}')",
                "UPDATE $T SET stripe_id = 'x'",
                "DELETE FROM $T",
                "TRUNCATE $T",
                "DROP TABLE $T",
                "ALTER TABLE $T ADD COLUMN x int",
                "ALTER TABLE $T OWNER TO $R",
                "SELECT * FROM $T FOR UPDATE",
                "SELECT * FROM $T FOR SHARE",
                "BEGIN; LOCK TABLE $T IN ACCESS EXCLUSIVE MODE",
                "BEGIN; LOCK TABLE $T IN SHARE MODE",
                "CREATE INDEX ON $T (stripe_id)",
                "CREATE TRIGGER x BEFORE INSERT ON $T EXECUTE FUNCTION"
                        + " suppress_redundant_updates_trigger()",
                "SELECT nextval('$S.$T_pk_seq')",
                "SELECT setval('$S.$T_pk_seq', 1)",
                "CREATE TABLE x (a int)",
                "CREATE TABLE public.x (a int)",
                "CREATE TABLE $S.x (a int)",
                "CREATE VIEW $S.x AS SELECT 1",
                "ALTER SCHEMA $S OWNER TO $R",
                "DROP SCHEMA $S CASCADE",
                "CREATE TEMP TABLE x (a int)",
                "SELECT * INTO TEMP x FROM $T",
                "CREATE VIEW public.x AS SELECT 1",
                "CREATE SCHEMA x",
                "CREATE FUNCTION public.x() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "CREATE FUNCTION pg_temp.x() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "DO $$ BEGIN PERFORM 1; END $$",
                "CREATE EXTENSION dblink",
                "CREATE EXTENSION postgres_fdw",
                "CREATE EXTENSION hstore",
                "CREATE DATABASE x",
                "DROP DATABASE $D",
                "ALTER DATABASE $D OWNER TO $R",
                "ALTER DATABASE $D SET statement_timeout = 0",
                "CREATE ROLE x SUPERUSER",
                "ALTER ROLE $R SUPERUSER",
                "ALTER ROLE $R CREATEROLE",
                "ALTER ROLE $R CONNECTION LIMIT -1",
                "ALTER ROLE $O PASSWORD 'x'",
                "ALTER ROLE postgres PASSWORD 'x'",
                "SET ROLE $O",
                "SET ROLE postgres",
                "SET SESSION AUTHORIZATION postgres",
                "GRANT $O TO $R",
                "GRANT pg_read_server_files TO $R",
                "GRANT pg_read_all_data TO $R",
                "ALTER SYSTEM SET log_statement = 'all'",
                "SET log_statement = 'none'",
                "SET session_replication_role = replica",
                "SET temp_file_limit = -1",
                "LOAD 'auto_explain'",
                "COPY $T TO '/tmp/webhookdb-escape'",
                "COPY $T FROM '/etc/passwd'",
                "COPY $T TO PROGRAM 'cat'",
                "COPY (SELECT 1) TO PROGRAM 'cat'",
                "SELECT pg_read_file('/etc/passwd')",
                "SELECT pg_read_binary_file('PG_VERSION')",
                "SELECT pg_ls_dir('.')",
                "SELECT pg_stat_file('PG_VERSION')",
                "SELECT pg_ls_logdir()",
                "SELECT * FROM pg_hba_file_rules",
                "SELECT * FROM pg_authid",
                "SELECT * FROM pg_shadow",
                "SELECT * FROM pg_user_mapping",
                "SELECT * FROM pg_stat_activity",
                "SELECT * FROM pg_stat_get_activity(NULL)",
                "SELECT lo_create(0)",
                "SELECT lo_creat(-1)",
                "SELECT lo_from_bytea(0, 'x')",
                "SELECT lo_import('/etc/passwd')",
                "SELECT lo_export(1, '/tmp/x')",
                "SELECT lo_put(1, 0, 'x')",
                "SELECT lo_unlink(1)",
                "SELECT lo_get(1)",
                "SELECT lowrite(0, 'x')",
                "SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000))",
                "SELECT pg_notify('x', 'y')",
                "SELECT pg_advisory_lock(g) FROM generate_series(1, 10) g",
                "SELECT pg_try_advisory_xact_lock(1)",
                "SELECT pg_create_physical_replication_slot('x')",
                "SELECT pg_create_logical_replication_slot('x', 'test_decoding')",
                "SELECT pg_switch_wal()",
                "SELECT pg_reload_conf()",
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE pid <> pg_backend_pid()",
                "CREATE PUBLICATION x FOR TABLE $T",
                "CREATE SUBSCRIPTION x CONNECTION 'host=127.0.0.1' PUBLICATION x",
                "VACUUM pg_catalog.pg_authid; SELECT pg_stat_reset()",
                "COMMENT ON TABLE $T IS 'x'",
                "ALTER DEFAULT PRIVILEGES FOR ROLE $O GRANT ALL ON TABLES TO PUBLIC",
                "REINDEX TABLE $T",
                "CLUSTER $T",
                "REFRESH MATERIALIZED VIEW $T");
    }

    @ParameterizedTest
    @MethodSource("statements")
    void isRefused(String statement) throws SQLException {
        String sql =
                statement
                        .replace("$T", tenant.table())
                        .replace("$S", schema)
                        .replace("$R", reader.user())
                        .replace("$O", owner.user())
                        .replace("$D", reader.database());
        try (Connection connection = TestingSystem.connect(reader);
                Statement session = connection.createStatement()) {
            session.execute(LIFTED);

            assertThatThrownBy(() -> session.execute(sql))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("42501"));
        }
        assertThat(rows()).isEqualTo("cus_1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "template1", "application", "template0", "OTHER"})
    void cannotConnectElsewhere(String database) {
        String name = database.equals("OTHER") ? other.reader().database() : database;
        if (name.equals(reader.database())) {
            // They share it, and what keeps them apart there is shown elsewhere.
            assertThat(isolation).isEqualTo(Isolation.SCHEMA_USER);
            return;
        }
        PostgresUrl elsewhere = reader.with(name, reader.user(), reader.password());

        assertThatThrownBy(() -> TestingSystem.connect(elsewhere))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        e -> assertThat(e.getSQLState()).isIn("42501", "55000"));
    }

    /** Where organizations share a database. */
    final void neitherRoleMayReachTheRowsOfOthers() {
        String elsewhere = other.control().database().schema();
        String stranger = other.owner().user();
        for (PostgresUrl role : List.of(reader, owner)) {
            for (String sql :
                    List.of(
                            "SELECT * FROM " + elsewhere + "." + other.table(),
                            "SELECT nextval('" + elsewhere + "." + other.table() + "_pk_seq')",
                            "CREATE TABLE " + elsewhere + ".x (a int)",
                            "SET ROLE " + stranger,
                            "DROP TABLE " + elsewhere + "." + other.table(),
                            "CREATE SCHEMA x",
                            "CREATE TABLE public.x (a int)",
                            "CREATE TEMP TABLE x (a int)",
                            "SELECT definition FROM pg_views",
                            "SELECT ev_action FROM pg_rewrite",
                            "SELECT pg_get_viewdef('information_schema.tables'::regclass)")) {
                assertThatThrownBy(() -> execute(role, sql))
                        .as(sql)
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e ->
                                        assertThat(e.getSQLState())
                                                .as(e.getMessage())
                                                .isEqualTo("42501"));
            }
        }
    }

    @Test
    void listsOnlyItsOwnTables() {
        assertThat(tenant.client().get("/v1/db/" + tenant.organization() + "/tables").text())
                .isEqualTo("{\"tables\":[\"" + tenant.table() + "\"],\"message\":\"\"}");
        assertThat(tenant.sql("SELECT stripe_id FROM " + tenant.table()).text()).contains("cus_1");
    }

    @Test
    void hasViewsAndNewCredentials() throws SQLException {
        TestingTenant rolling =
                TestingTenant.of(system, "escape-roll@example.org", "stripe_customer_v1");
        rolling.client()
                .post(
                        "/v1/organizations/"
                                + rolling.organization()
                                + "/saved_views/create_or_replace",
                        Map.of("name", "v", "sql", "SELECT count(*) FROM " + rolling.table()));
        PostgresUrl old = rolling.reader();
        rolling.client()
                .post(
                        "/v1/db/" + rolling.organization() + "/roll_credentials",
                        Map.of("guard_confirm", ""));

        assertThat(rolling.reader()).isNotEqualTo(old);
        assertThat(rolling.sql("SELECT * FROM v").text()).contains("[[0]]");
        execute(rolling.reader(), "SELECT * FROM v");
        assertThatThrownBy(() -> execute(old, "SELECT 1")).isInstanceOf(SQLException.class);
    }

    private static void execute(PostgresUrl url, String sql) throws SQLException {
        try (Connection connection = TestingSystem.connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute("SET default_transaction_read_only = off");
            statement.execute(sql);
        }
    }

    @Test
    void keepsOwnersOutOfOtherDatabases() {
        List<String> closed = new ArrayList<>(List.of("postgres", "template1", "application"));
        if (isolation != Isolation.SCHEMA_USER) {
            closed.add(other.reader().database());
        }
        for (String database : closed) {
            assertThatThrownBy(
                            () ->
                                    TestingSystem.connect(
                                            owner.with(database, owner.user(), owner.password())))
                    .isInstanceOf(SQLException.class);
        }
        assertThatThrownBy(
                        () -> {
                            try (Connection connection = TestingSystem.connect(owner);
                                    Statement statement = connection.createStatement()) {
                                statement.execute("CREATE DATABASE x");
                            }
                        })
                .isInstanceOf(SQLException.class);
    }

    /** Postgres answers these with a warning: there is nothing to grant. */
    @Test
    void grantsNothing() throws SQLException {
        String before = text(ACL.formatted(tenant.table()));
        try (Connection connection = TestingSystem.connect(reader);
                Statement session = connection.createStatement()) {
            session.execute(LIFTED);
            session.execute("GRANT SELECT ON " + tenant.table() + " TO PUBLIC");
            session.execute("GRANT DELETE ON " + tenant.table() + " TO " + reader.user());
        }

        assertThat(text(ACL.formatted(tenant.table()))).isEqualTo(before);
    }

    @Test
    void readsWhatItIsFor() throws SQLException {
        assertThat(rows()).isEqualTo("cus_1");
        assertThat(setting("default_transaction_read_only")).isEqualTo("on");
        assertThat(setting("statement_timeout")).isEqualTo("15s");
    }

    @Test
    void tellsNothingByItsNames() {
        switch (isolation) {
            case DATABASE_USER -> {
                assertThat(reader.database()).matches("d_[0-9a-f]{24}");
                assertThat(schema).isEqualTo("public");
            }
            case DATABASE_SCHEMA_USER -> {
                assertThat(reader.database()).matches("d_[0-9a-f]{24}");
                assertThat(schema).matches("s_[0-9a-f]{24}");
            }
            case SCHEMA_USER -> {
                assertThat(reader.database()).isEqualTo(other.reader().database());
                assertThat(schema).matches("s_[0-9a-f]{24}");
                assertThat(schema).isNotEqualTo(other.control().database().schema());
            }
        }
        assertThat(reader.user()).matches("r_[0-9a-f]{24}");
        assertThat(owner.user()).matches("o_[0-9a-f]{24}");
        assertThat(reader.password()).hasSizeGreaterThan(40);
        assertThat(owner.password()).isNotEqualTo(reader.password());
    }

    @Test
    void hasAtMostFiftyConnections() throws SQLException {
        try (Connection connection = TestingSystem.connect(system.superuser());
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT rolconnlimit, rolsuper, rolcreatedb, rolcreaterole,"
                                        + " rolreplication, rolbypassrls, rolinherit FROM pg_roles"
                                        + " WHERE rolname = '"
                                        + reader.user()
                                        + "'")) {
            row.next();
            assertThat(row.getInt(1)).isEqualTo(50);
            for (int i = 2; i <= 7; i++) {
                assertThat(row.getBoolean(i)).isFalse();
            }
        }
    }

    private String rows() throws SQLException {
        return text("SELECT string_agg(stripe_id, ',') FROM " + tenant.table());
    }

    private String setting(String name) throws SQLException {
        return text("SHOW " + name);
    }

    private String text(String sql) throws SQLException {
        try (Connection connection = TestingSystem.connect(reader);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
