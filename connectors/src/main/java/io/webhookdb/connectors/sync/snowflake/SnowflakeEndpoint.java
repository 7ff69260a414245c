package io.webhookdb.connectors.sync.snowflake;

import io.webhookdb.security.connection.SnowflakeUrl;

/**
 * Where an account's HTTP interface is.
 *
 * @param scheme {@code https}; {@code http} only where a policy lists the address
 * @param host host name
 * @param port port
 */
public record SnowflakeEndpoint(String scheme, String host, int port) {
    private static final int HTTPS = 443;

    /** The vendor's own. */
    public static SnowflakeEndpoint of(SnowflakeUrl account) {
        return new SnowflakeEndpoint("https", account.dialledHost(), HTTPS);
    }

    String jdbcUrl() {
        return "jdbc:snowflake://" + host + ":" + port + "/" + (isPlain() ? "?ssl=off" : "");
    }

    private boolean isPlain() {
        return scheme.equals("http");
    }
}
