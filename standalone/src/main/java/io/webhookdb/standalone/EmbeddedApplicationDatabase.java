package io.webhookdb.standalone;

import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Gives the application database a role of its own on the embedded server, so that the api is no
 * superuser.
 */
final class EmbeddedApplicationDatabase {
    private static final String NAME = "webhookdb";

    private EmbeddedApplicationDatabase() {}

    /** Creates role and database where missing and sets the password; the URL to reach them. */
    static PostgresUrl ensure(PostgresUrl superuser, String password) {
        try (Connection connection =
                        DriverManager.getConnection(
                                superuser.jdbcUrl(), superuser.user(), superuser.password());
                Statement statement = connection.createStatement()) {
            if (!exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?")) {
                statement.execute("CREATE ROLE \"" + NAME + "\" LOGIN");
            }
            // Hex digits only, so it needs no escaping; bound parameters are not possible in DDL.
            statement.execute("ALTER ROLE \"" + NAME + "\" PASSWORD '" + password + "'");
            if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = ?")) {
                statement.execute("CREATE DATABASE \"" + NAME + "\" OWNER \"" + NAME + "\"");
                statement.execute("REVOKE ALL ON DATABASE \"" + NAME + "\" FROM PUBLIC");
            }
            return of(superuser, password);
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "The application database cannot be set up on " + superuser.server(), e);
        }
    }

    /** The URL of the one that was set up. */
    static PostgresUrl of(PostgresUrl superuser, String password) {
        return superuser.with(NAME, NAME, password);
    }

    private static boolean exists(Connection connection, String query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, NAME);
            try (ResultSet result = statement.executeQuery()) {
                return result.next();
            }
        }
    }
}
