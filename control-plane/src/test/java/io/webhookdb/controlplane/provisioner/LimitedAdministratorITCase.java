package io.webhookdb.controlplane.provisioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.provisioner.OrganizationRow.DatabaseRow;
import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Managed servers give no superuser, only a role that may create roles and databases. */
@ExtendWith(SharedControlPlane.class)
class LimitedAdministratorITCase {
    private final TestingSystem system;

    LimitedAdministratorITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void makesDatabasesToo() throws SQLException {
        PostgresUrl superuser = system.superuser();
        execute(
                superuser,
                "CREATE ROLE limited LOGIN CREATEDB CREATEROLE PASSWORD 'limited'",
                "CREATE DATABASE limited OWNER limited",
                "REVOKE ALL ON DATABASE limited FROM PUBLIC");
        PostgresUrl limited = superuser.with("limited", "limited", "limited");
        DatabaseRow database =
                new DatabaseRow(
                        superuser.host(),
                        superuser.port(),
                        superuser.server(),
                        "d_limited",
                        "public",
                        "o_limited",
                        "",
                        "r_limited",
                        "",
                        1,
                        false);
        ReplicationServer server = new ReplicationServer(limited, system.application());

        server.create(database, "owner-password", "reader-password");
        server.create(database, "owner-password", "reader-password");

        PostgresUrl owner = server.url("d_limited", "o_limited", "owner-password");
        PostgresUrl reader = server.url("d_limited", "r_limited", "reader-password");
        execute(owner, "CREATE TABLE public.t (a int)", "INSERT INTO public.t VALUES (1)");
        execute(reader, "SELECT * FROM public.t");
        assertThatThrownBy(
                        () ->
                                execute(
                                        reader,
                                        "SET default_transaction_read_only = off",
                                        "DELETE FROM public.t"))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
        assertThatThrownBy(() -> execute(reader, "CREATE TEMP TABLE x (a int)"))
                .isInstanceOf(SQLException.class);
        assertThatThrownBy(
                        () ->
                                TestingSystem.connect(
                                        reader.with("limited", "r_limited", "reader-password")))
                .isInstanceOf(SQLException.class);
    }

    private static void execute(PostgresUrl url, String... statements) throws SQLException {
        try (Connection connection = TestingSystem.connect(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
