package io.webhookdb.controlplane.api.db;

import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * One-shot connections as an organization's reader. Never reused: whatever a query sets in its
 * session ends with it.
 */
final class ReaderConnections {
    /** Limit of one query in seconds, enforced from this side whatever the query sets. */
    static final int QUERY_SECONDS = 15;

    /** More than this in one answer could exhaust the heap of a process that serves everyone. */
    static final String RESULT_LIMIT = "64M";

    private ReaderConnections() {}

    /** A connection in a read-only transaction. */
    static Connection open(PostgresUrl url) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", url.user());
        properties.setProperty("password", url.password());
        properties.setProperty("ApplicationName", "webhookdb");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("loginTimeout", "5");
        properties.setProperty("socketTimeout", Integer.toString(QUERY_SECONDS + 5));
        properties.setProperty("cancelSignalTimeout", "5");
        properties.setProperty("readOnly", "true");
        properties.setProperty(
                "options",
                "-c statement_timeout="
                        + QUERY_SECONDS * 1000
                        + " -c lock_timeout=5000 -c TimeZone=UTC");
        properties.setProperty("maxResultBuffer", RESULT_LIMIT);
        Connection connection = DriverManager.getConnection(url.jdbcUrl(), properties);
        connection.setAutoCommit(false);
        return connection;
    }
}
