package io.webhookdb.connectors.replica;

import io.webhookdb.schemas.control.OrganizationControl.Database;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.regex.Pattern;
import org.postgresql.PGProperty;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/**
 * A replication database and how to log in.
 *
 * @param host host name or address; IPv6 without brackets
 * @param port TCP port
 * @param database database name
 * @param user owner role
 * @param password its password
 * @param sslMode transport security as libpq names it; null for the driver's own choice
 * @param runBy whose server it is
 */
record ReplicaTarget(
        String host,
        int port,
        String database,
        String user,
        String password,
        String sslMode,
        Database.RunBy runBy) {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]+");

    /** A database of one of the operator's servers. */
    ReplicaTarget(String host, int port, String database, String user, String password) {
        this(host, port, database, user, password, null, Database.RunBy.OPERATOR);
    }

    static ReplicaTarget of(Database database, String password) {
        return new ReplicaTarget(
                database.host(),
                database.port(),
                database.name(),
                database.user(),
                password,
                database.sslMode(),
                database.runBy());
    }

    /** Only what is listed here ever reaches the driver. */
    Properties properties(ConnectionTimeouts timeouts) {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, user);
        PGProperty.PASSWORD.set(properties, password);
        PGProperty.CONNECT_TIMEOUT.set(properties, Long.toString(timeouts.connect().toSeconds()));
        // The driver's own limit on logins takes a thread for each, half of what a login costs.
        PGProperty.SOCKET_TIMEOUT.set(properties, Long.toString(timeouts.login().toSeconds()));
        PGProperty.TCP_KEEP_ALIVE.set(properties, "true");
        // The DETAIL of an error quotes rows.
        PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, "false");
        if (sslMode != null) {
            PGProperty.SSL_MODE.set(properties, sslMode);
            if (sslMode.startsWith("verify-")) {
                // The driver's own way asks for a file of authorities in the home directory.
                PGProperty.SSL_FACTORY.set(properties, DefaultJavaSSLFactory.class.getName());
            }
        }
        PGProperty.APPLICATION_NAME.set(properties, "webhookdb-replication");
        return properties;
    }

    /**
     * Host, port and database as the driver's URL, without properties: nothing in a name can add
     * one.
     *
     * @throws IllegalArgumentException if the host is neither a name nor an address
     */
    String url() {
        if (!HOST.matcher(host).matches()) {
            throw new IllegalArgumentException(
                    "Database host \"" + host + "\" is neither a name nor an address.");
        }
        String address = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return "jdbc:postgresql://"
                + address
                + ":"
                + port
                + "/"
                + URLEncoder.encode(database, StandardCharsets.UTF_8);
    }

    /** What connections of different databases share. */
    String server() {
        return host + ":" + port;
    }

    /** Never prints the password. */
    @Override
    public String toString() {
        return user + "@" + server() + "/" + database;
    }
}
