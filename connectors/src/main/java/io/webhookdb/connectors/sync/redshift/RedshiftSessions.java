package io.webhookdb.connectors.sync.redshift;

import io.webhookdb.connectors.sync.SyncException;
import io.webhookdb.connectors.sync.SyncFailure;
import io.webhookdb.connectors.sync.warehouse.Drivers;
import io.webhookdb.connectors.sync.warehouse.Jdbc;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.connection.PostgresUrl.SslMode;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.OutboundRefusedException;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Opens sessions with limits on every wait. Only what is set here ever reaches the driver. It is
 * given the address that was judged, except where it has to compare the name with a certificate,
 * which an impostor's address cannot satisfy.
 */
record RedshiftSessions(PostgresUrl database, OutboundPolicy policy, Drivers drivers) {
    private static final Drivers.Vendor VENDOR =
            new Drivers.Vendor(
                    "redshift-jdbc42",
                    "com.amazon.redshift:redshift-jdbc42",
                    "com.amazon.redshift.");
    private static final String SESSION = "SET statement_timeout TO 240000";

    /**
     * A session in a transaction; encrypted unless the operator listed the address and the URL says
     * {@code sslmode=disable}.
     *
     * @throws SyncException a configuration failure without a driver or if the policy refuses
     */
    Jdbc open() throws SQLException, SyncException {
        InetAddress address = judge();
        boolean plain = database.sslMode() == SslMode.DISABLE;
        if (plain && !policy.check("http", address).isAllowed()) {
            throw new SyncException(
                    SyncFailure.CONFIGURATION,
                    "sslmode=disable is refused for "
                            + database.server()
                            + "; allowed: verify-ca, verify-full.");
        }
        Jdbc session = Jdbc.connect(drivers.find(VENDOR), jdbcUrl(address), properties());
        try {
            session.execute(SESSION);
            session.connection().setAutoCommit(false);
            return session;
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    private InetAddress judge() throws SyncException {
        try {
            return policy.resolve("redshift", database.host()).get(0);
        } catch (OutboundRefusedException e) {
            throw new SyncException(SyncFailure.CONFIGURATION, e.getMessage(), null, e);
        } catch (UnknownHostException e) {
            throw new SyncException(
                    SyncFailure.TRANSIENT,
                    "There is no host " + database.host() + " now.",
                    null,
                    e);
        }
    }

    private String jdbcUrl(InetAddress address) {
        String host =
                database.sslMode() == SslMode.VERIFY_FULL
                        ? database.host()
                        : address.getHostAddress();
        return "jdbc:redshift://"
                + (host.indexOf(':') < 0 ? host : "[" + host + "]")
                + ":"
                + database.port()
                + "/"
                + URLEncoder.encode(database.database(), StandardCharsets.UTF_8);
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password());
        switch (database.sslMode()) {
            case DISABLE -> properties.setProperty("ssl", "false");
            case VERIFY_FULL -> properties.setProperty("sslmode", "verify-full");
            default -> properties.setProperty("sslmode", "verify-ca");
        }
        properties.setProperty("loginTimeout", "10");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "250");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "webhookdb-sync");
        // Many rows in one statement, where rows are inserted.
        properties.setProperty("reWriteBatchedInserts", "true");
        return properties;
    }
}
