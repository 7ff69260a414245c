package io.webhookdb.controlplane.api.db;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.database.CustomerUrl;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** Tries the databases an organization is to move to before anything is stored. */
final class MigrationProbe {
    private static final int OLDEST_SERVER = 14;
    private static final String SECONDS = "5";

    /** What the role may do, and where: what a migration would find out much later. */
    private static final String FITNESS =
            "SELECT pg_catalog.current_setting('server_version_num')::int / 10000,"
                    + " pg_catalog.current_setting('server_encoding'),"
                    + " pg_catalog.pg_is_in_recovery(),"
                    + " pg_catalog.has_schema_privilege('public', 'CREATE')";

    private final OutboundPolicy policy;

    MigrationProbe(OutboundPolicy policy) {
        this.policy = policy;
    }

    /** Returns if tables can be made there; 400 of that field, with the reason, if not. */
    void checkOwner(String field, PostgresUrl url) {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(FITNESS)) {
            row.next();
            if (row.getInt(1) < OLDEST_SERVER) {
                throw refused(
                        field,
                        "is a Postgres "
                                + row.getInt(1)
                                + " server; allowed: "
                                + OLDEST_SERVER
                                + " and later");
            }
            if (!row.getString(2).equals("UTF8")) {
                throw refused(field, "has the encoding " + row.getString(2) + "; allowed: UTF8");
            }
            if (row.getBoolean(3)) {
                throw refused(field, "is a standby, which cannot be written");
            }
            if (!row.getBoolean(4)) {
                throw refused(
                        field,
                        "belongs to a role without the right CREATE on schema public, which it"
                                + " needs");
            }
        } catch (SQLException e) {
            throw refused(field, reason(e));
        }
    }

    /** Returns if it can be read; 400 of that field, with the reason, if not. */
    void checkReader(String field, PostgresUrl url) {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
        } catch (SQLException e) {
            throw refused(field, reason(e));
        }
    }

    private Connection connect(PostgresUrl url) throws SQLException {
        PostgresUrl judged = CustomerUrl.judged(url, policy);
        Properties properties = new Properties();
        properties.setProperty("user", url.user());
        properties.setProperty("password", url.password());
        properties.setProperty("ApplicationName", "webhookdb");
        properties.setProperty("loginTimeout", SECONDS);
        properties.setProperty("connectTimeout", SECONDS);
        properties.setProperty("socketTimeout", SECONDS);
        properties.setProperty("logServerErrorDetail", "false");
        properties.setProperty("options", "-c statement_timeout=4000 -c lock_timeout=2000");
        return DriverManager.getConnection(judged.jdbcUrl(), properties);
    }

    /** The driver's message may quote what it was given; a policy's is meant for people. */
    private static String reason(SQLException failure) {
        String state = failure.getSQLState() == null ? "none" : failure.getSQLState();
        if (state.equals("28000") && failure.getCause() != null) {
            return "may not be called: " + failure.getCause().getMessage();
        }
        String what =
                switch (state.length() < 2 ? "" : state.substring(0, 2)) {
                    case "08" -> "cannot be reached";
                    case "28" -> "has a user or password that the database does not accept";
                    case "3D" -> "names a database that does not exist";
                    case "42" -> "has a user who may not connect to the database";
                    default -> "was refused by the database";
                };
        return what + " (SQL state " + state + ")";
    }

    private static ApiException refused(String field, String problem) {
        return ApiException.validation(field, problem);
    }
}
