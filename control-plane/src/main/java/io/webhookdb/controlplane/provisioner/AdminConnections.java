package io.webhookdb.controlplane.provisioner;

import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;

/** Connections that define things: every wait is bounded, none is kept. */
final class AdminConnections {
    private AdminConnections() {}

    static Connection open(PostgresUrl url) throws SQLException {
        return open(url, 60);
    }

    /** The same, for statements that go over whole tables. */
    static Connection openForCopy(PostgresUrl url) throws SQLException {
        return open(url, 1800);
    }

    private static Connection open(PostgresUrl url, int statementSeconds) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", url.user());
        properties.setProperty("password", url.password());
        properties.setProperty("ApplicationName", "webhookdb");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("loginTimeout", "5");
        properties.setProperty("socketTimeout", Integer.toString(statementSeconds + 10));
        properties.setProperty("tcpKeepAlive", "true");
        // The server's error details quote values; messages are logged.
        properties.setProperty("logServerErrorDetail", "false");
        properties.setProperty(
                "options",
                "-c statement_timeout="
                        + statementSeconds * 1000
                        + " -c lock_timeout=3000 -c search_path=");
        return DriverManager.getConnection(url.jdbcUrl(), properties);
    }

    static void execute(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
