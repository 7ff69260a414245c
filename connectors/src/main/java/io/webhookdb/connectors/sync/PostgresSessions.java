package io.webhookdb.connectors.sync;

import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.connection.PostgresUrl.SslMode;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.OutboundRefusedException;
import io.webhookdb.security.outbound.PinnedSocketFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** Opens sessions with limits on every wait. Only what is set here ever reaches the driver. */
final class PostgresSessions {
    private static final String CONNECT_SECONDS = "5";
    private static final String LOGIN_SECONDS = "10";
    private static final String SOCKET_SECONDS = "70";
    private static final String SESSION =
            "SET statement_timeout = 60000; SET lock_timeout = 5000; SET TimeZone = 'UTC';"
                    + " SET DateStyle = 'ISO'; SET standard_conforming_strings = on";

    private PostgresSessions() {}

    /** A session with a server of ours. */
    static Connection open(PostgresUrl url) throws SQLException {
        return open(url, new Properties());
    }

    /**
     * A session with a customer's server: at the address that was judged, and encrypted unless the
     * operator listed the address.
     *
     * @throws SyncException a configuration failure if the policy refuses
     */
    static Connection open(PostgresUrl url, OutboundPolicy policy)
            throws SQLException, SyncException {
        InetAddress address;
        try {
            address = policy.resolve("postgres", url.host()).get(0);
        } catch (OutboundRefusedException e) {
            throw new SyncException(SyncFailure.CONFIGURATION, e.getMessage(), null, e);
        } catch (UnknownHostException e) {
            throw new SyncException(
                    SyncFailure.TRANSIENT, "There is no host " + url.host() + " now.", null, e);
        }
        Properties properties = new Properties();
        PGProperty.SOCKET_FACTORY.set(properties, PinnedSocketFactory.class.getName());
        PGProperty.SOCKET_FACTORY_ARG.set(properties, address.getHostAddress());
        boolean mayBePlain = policy.check("http", address).isAllowed();
        if (!mayBePlain && url.sslMode() == SslMode.DISABLE) {
            throw new SyncException(
                    SyncFailure.CONFIGURATION,
                    "sslmode=disable is refused for "
                            + url.server()
                            + "; allowed: require,"
                            + " verify-ca, verify-full.");
        }
        boolean undemanding = url.sslMode() == SslMode.UNSET || url.sslMode() == SslMode.PREFER;
        return open(!mayBePlain && undemanding ? url.with(SslMode.REQUIRE) : url, properties);
    }

    private static Connection open(PostgresUrl url, Properties properties) throws SQLException {
        PGProperty.USER.set(properties, url.user());
        PGProperty.PASSWORD.set(properties, url.password());
        PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_SECONDS);
        PGProperty.LOGIN_TIMEOUT.set(properties, LOGIN_SECONDS);
        PGProperty.SOCKET_TIMEOUT.set(properties, SOCKET_SECONDS);
        PGProperty.TCP_KEEP_ALIVE.set(properties, "true");
        // Statements are few and different, and a pooler may lose what one is named.
        PGProperty.PREPARE_THRESHOLD.set(properties, "0");
        PGProperty.APPLICATION_NAME.set(properties, "webhookdb-sync");
        Connection connection = new Driver().connect(url.jdbcUrl(), properties);
        try (Statement statement = connection.createStatement()) {
            statement.execute(SESSION);
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Classified; in the server's words where they name things, never where they quote values. */
    static SyncException failure(String server, SQLException e) {
        return new SyncException(
                SyncFailure.ofSqlState(e.getSQLState()),
                server + ": " + PostgresWords.of(e) + " (SQL state " + e.getSQLState() + ").",
                e.getSQLState(),
                e);
    }
}
