package io.webhookdb.controlplane.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A pool of connections to the application database. Statements are limited to {@value
 * #STATEMENT_TIMEOUT_MILLIS} ms, waits for locks to {@value #LOCK_TIMEOUT_MILLIS} ms; the socket to
 * a little more, so that no caller waits on a server that is gone. The server's error details quote
 * values of rows, so they stay out of messages.
 */
public final class ApplicationDatabase implements AutoCloseable {
    private static final int STATEMENT_TIMEOUT_MILLIS = 10_000;
    private static final int LOCK_TIMEOUT_MILLIS = 5_000;
    private static final int SOCKET_TIMEOUT_SECONDS = 20;
    private static final int CONNECT_TIMEOUT_SECONDS = 5;

    private final PostgresUrl url;
    private final HikariDataSource pool;
    private final Jdbi jdbi;

    private ApplicationDatabase(PostgresUrl url, HikariDataSource pool) {
        this.url = url;
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
        // Jdbi's default messages print bound values, which may be personal or secret.
        jdbi.getConfig(StatementExceptions.class)
                .setMessageRendering(StatementExceptions.MessageRendering.NONE);
        jdbi.getConfig(SqlStatements.class).setUnusedBindingAllowed(false);
    }

    /**
     * A pool of at most that many connections, opened on demand.
     *
     * @throws IllegalStateException if the server does not let anybody in, saying which and why
     */
    public static ApplicationDatabase open(PostgresUrl url, int connections) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("application-database");
        config.setDataSource(dataSource(url));
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(5_000);
        config.setInitializationFailTimeout(10_000);
        try {
            return new ApplicationDatabase(url, new HikariDataSource(config));
        } catch (HikariPool.PoolInitializationException e) {
            throw new IllegalStateException(
                    "The application database on %s (WEBHOOKDB_DATABASE_URL) cannot be used: %s"
                            .formatted(url.server(), e.getCause().getMessage()),
                    e.getCause());
        }
    }

    /**
     * Brings the schema to this release. Safe to call from several processes at once: Flyway holds
     * a lock.
     */
    public void migrate() {
        PGSimpleDataSource unlimited = dataSource(url);
        unlimited.setOptions("-c lock_timeout=60000");
        unlimited.setSocketTimeout(0);
        Flyway.configure()
                .dataSource(unlimited)
                .locations("classpath:db/migration")
                .cleanDisabled(true)
                .load()
                .migrate();
    }

    /** Access by pooled connections. */
    public Jdbi jdbi() {
        return jdbi;
    }

    /** A connection outside the pool, for what belongs to one session: locks and notifications. */
    public Connection dedicatedConnection() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", url.user());
        properties.setProperty("password", url.password());
        properties.setProperty("options", sessionOptions());
        properties.setProperty("socketTimeout", Integer.toString(SOCKET_TIMEOUT_SECONDS));
        properties.setProperty("connectTimeout", Integer.toString(CONNECT_TIMEOUT_SECONDS));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("logServerErrorDetail", "false");
        return DriverManager.getConnection(url.jdbcUrl(), properties);
    }

    @Override
    public void close() {
        pool.close();
    }

    private static PGSimpleDataSource dataSource(PostgresUrl url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url.jdbcUrl());
        source.setUser(url.user());
        source.setPassword(url.password());
        source.setOptions(sessionOptions());
        source.setSocketTimeout(SOCKET_TIMEOUT_SECONDS);
        source.setConnectTimeout(CONNECT_TIMEOUT_SECONDS);
        source.setTcpKeepAlive(true);
        source.setLogServerErrorDetail(false);
        return source;
    }

    private static String sessionOptions() {
        return "-c statement_timeout="
                + STATEMENT_TIMEOUT_MILLIS
                + " -c lock_timeout="
                + LOCK_TIMEOUT_MILLIS
                + " -c idle_in_transaction_session_timeout=30000";
    }
}
