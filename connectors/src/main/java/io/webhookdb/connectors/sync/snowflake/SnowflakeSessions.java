package io.webhookdb.connectors.sync.snowflake;

import io.webhookdb.connectors.sync.SyncException;
import io.webhookdb.connectors.sync.SyncFailure;
import io.webhookdb.connectors.sync.warehouse.Drivers;
import io.webhookdb.connectors.sync.warehouse.Jdbc;
import io.webhookdb.security.connection.PrivateKeyPem;
import io.webhookdb.security.connection.SnowflakeUrl;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.OutboundRefusedException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Opens sessions with limits on every wait. Only what is set here ever reaches the driver.
 *
 * <p>The driver looks the host up once more and cannot be told which address to dial, since the
 * certificate is for the name; the name is one of the vendor's own domain. Files go to the storage
 * the account names, which is the cloud's.
 */
record SnowflakeSessions(
        SnowflakeUrl account, SnowflakeEndpoint endpoint, OutboundPolicy policy, Drivers drivers) {
    private static final Drivers.Vendor VENDOR =
            new Drivers.Vendor("snowflake-jdbc", "net.snowflake:snowflake-jdbc", "net.snowflake.");

    /**
     * A session in which every statement is a transaction of its own.
     *
     * @throws SyncException a configuration failure without a driver or if the policy refuses
     */
    Jdbc open() throws SQLException, SyncException {
        judge();
        Jdbc session = Jdbc.connect(drivers.find(VENDOR), endpoint.jdbcUrl(), properties());
        try {
            // The account's or the user's default may be off.
            session.connection().setAutoCommit(true);
            return session;
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    private void judge() throws SyncException {
        try {
            policy.resolve(endpoint.scheme(), endpoint.host());
        } catch (OutboundRefusedException e) {
            throw new SyncException(SyncFailure.CONFIGURATION, e.getMessage(), null, e);
        } catch (UnknownHostException e) {
            throw new SyncException(
                    SyncFailure.TRANSIENT,
                    "There is no host " + endpoint.host() + " now.",
                    null,
                    e);
        }
    }

    private Properties properties() {
        Properties properties = new Properties();
        String host = account.host();
        properties.setProperty("account", host.substring(0, host.indexOf('.')));
        properties.setProperty("user", account.user());
        credentials(properties);
        properties.setProperty("db", identifier(account.database()));
        account.options()
                .forEach((option, name) -> properties.setProperty(option, identifier(name)));
        properties.setProperty("application", "webhookdb");
        // Otherwise it asks the metadata services of three clouds who it is.
        properties.setProperty("disablePlatformDetection", "true");
        properties.setProperty("loginTimeout", "30");
        properties.setProperty("networkTimeout", "240000");
        properties.setProperty("CLIENT_TELEMETRY_ENABLED", "false");
        // Results are names of columns; the other format needs the JVM to be opened up.
        properties.setProperty("JDBC_QUERY_RESULT_FORMAT", "JSON");
        properties.setProperty("STATEMENT_TIMEOUT_IN_SECONDS", "240");
        properties.setProperty("LOCK_TIMEOUT", "60");
        properties.setProperty("TIMEZONE", "UTC");
        properties.setProperty("QUERY_TAG", "webhookdb-sync");
        return properties;
    }

    private void credentials(Properties properties) {
        if (PrivateKeyPem.isOne(account.password())) {
            properties.setProperty("authenticator", "snowflake_jwt");
            properties.put("privateKey", PrivateKeyPem.parse(account.password()));
        } else {
            properties.setProperty("password", account.password());
        }
    }

    /** Quoted only where it must be: the driver passes names on as they are. */
    private static String identifier(String name) {
        String kept = SnowflakeSql.name(name);
        return kept.matches("[A-Z_][A-Z0-9_$]*") ? kept : SnowflakeSql.quoted(kept);
    }
}
