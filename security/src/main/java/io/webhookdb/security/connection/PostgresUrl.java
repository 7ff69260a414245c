package io.webhookdb.security.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.security.outbound.PinnedSocketFactory;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How to reach one Postgres database: {@code postgres://user:password@host:port/database}, with
 * {@code ?sslmode=} and {@code channel_binding=} as the only options. Whatever else a driver would
 * take from a URL (class names, files, socket factories) is refused, so that a URL from outside can
 * only ever name a server.
 *
 * @param host host name, IPv4 address, or IPv6 address without brackets
 * @param port TCP port
 * @param database database name, decoded
 * @param user role, decoded; may be empty
 * @param password decoded; may be empty
 * @param sslMode transport security
 * @param channelBinding whether the login is bound to the encrypted connection
 * @param dialled the address that is dialled whatever the name resolves to; null for what it does
 */
public record PostgresUrl(
        String host,
        int port,
        String database,
        String user,
        String password,
        SslMode sslMode,
        ChannelBinding channelBinding,
        InetAddress dialled) {
    /** Port of a URL that names none. */
    public static final int DEFAULT_PORT = 5432;

    /** Values of {@code channel_binding}, as libpq defines them; hosts print them in their URLs. */
    public enum ChannelBinding {
        /** Nothing was said: where both sides can. */
        UNSET,
        DISABLE,
        PREFER,
        REQUIRE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static ChannelBinding of(String word) {
            for (ChannelBinding value : values()) {
                if (value != UNSET && value.word().equals(word)) {
                    return value;
                }
            }
            throw new IllegalArgumentException(
                    "Unknown channel_binding in a Postgres URL. Allowed: disable, prefer,"
                            + " require.");
        }
    }

    private static final String JVM_AUTHORITIES = "org.postgresql.ssl.DefaultJavaSSLFactory";

    /** Values of {@code sslmode}, as libpq defines them. */
    public enum SslMode {
        /** Nothing was said: the driver's default, {@code prefer}. */
        UNSET(""),
        DISABLE("disable"),
        PREFER("prefer"),
        REQUIRE("require"),
        VERIFY_CA("verify-ca"),
        VERIFY_FULL("verify-full");

        private final String word;

        SslMode(String word) {
            this.word = word;
        }

        private boolean checksCertificates() {
            return this == VERIFY_CA || this == VERIFY_FULL;
        }

        /** The stored word; null for {@link #UNSET}. */
        public String wordOrNull() {
            return this == UNSET ? null : word;
        }

        /** Reads {@link #wordOrNull()}. */
        public static SslMode orUnset(String word) {
            return word == null ? UNSET : of(word);
        }

        static SslMode of(String word) {
            for (SslMode mode : values()) {
                if (mode != UNSET && mode.word.equals(word)) {
                    return mode;
                }
            }
            throw new IllegalArgumentException(
                    "Unknown sslmode in a Postgres URL. Allowed: disable, prefer, require,"
                            + " verify-ca, verify-full.");
        }
    }

    public PostgresUrl {
        if (!PostgresUrlParser.isHost(host)) {
            throw new IllegalArgumentException(
                    "A Postgres URL needs one host name or address without spaces or commas.");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(
                    "Port " + port + " in a Postgres URL is outside 1..65535.");
        }
        if (database.isEmpty()) {
            throw new IllegalArgumentException(
                    "A Postgres URL needs a database:"
                            + " postgres://user:password@host:port/database.");
        }
    }

    /** A database wherever its name resolves to. */
    public PostgresUrl(
            String host,
            int port,
            String database,
            String user,
            String password,
            SslMode sslMode,
            ChannelBinding channelBinding) {
        this(host, port, database, user, password, sslMode, channelBinding, null);
    }

    /** A database without particular demands on the login. */
    public PostgresUrl(
            String host, int port, String database, String user, String password, SslMode sslMode) {
        this(host, port, database, user, password, sslMode, ChannelBinding.UNSET);
    }

    /** A database without particular demands on transport security. */
    public PostgresUrl(String host, int port, String database, String user, String password) {
        this(host, port, database, user, password, SslMode.UNSET);
    }

    /**
     * Reads {@code postgres://} or {@code postgresql://}; user, password and database may be
     * percent-encoded.
     *
     * @throws IllegalArgumentException saying what is wrong, never quoting the URL
     */
    public static PostgresUrl parse(String url) {
        return PostgresUrlParser.parse(url);
    }

    /** The same server, with other credentials and database. */
    public PostgresUrl with(String newDatabase, String newUser, String newPassword) {
        return new PostgresUrl(
                host, port, newDatabase, newUser, newPassword, sslMode, channelBinding, dialled);
    }

    /** The same database, with other transport security. */
    public PostgresUrl with(SslMode newMode) {
        return new PostgresUrl(
                host, port, database, user, password, newMode, channelBinding, dialled);
    }

    /**
     * The same database, dialled at an address that was judged. The driver has the name all the
     * same: certificates are checked for it, and some hosts tell their databases apart by it (SNI).
     */
    public PostgresUrl at(InetAddress address) {
        return new PostgresUrl(
                host, port, database, user, password, sslMode, channelBinding, address);
    }

    /** The URL with its credentials: what {@link #parse} reads. A secret. */
    public String url() {
        return "postgres://"
                + encoded(user)
                + ":"
                + encoded(password)
                + "@"
                + hostForUrl()
                + ":"
                + port
                + "/"
                + encoded(database)
                + query("channel_binding");
    }

    /**
     * The URL for the JDBC driver, without credentials. Certificates that are to be checked are
     * checked by the JVM's authorities, as those of web servers are; the driver's own way would ask
     * for a file of them in the home directory (pgJDBC documentation, "Using SSL").
     */
    public String jdbcUrl() {
        return "jdbc:postgresql://"
                + hostForUrl()
                + ":"
                + port
                + "/"
                + encoded(database)
                + query(
                        "channelBinding",
                        sslMode.checksCertificates() ? "sslfactory=" + JVM_AUTHORITIES : "",
                        dialled == null
                                ? ""
                                : "socketFactory="
                                        + PinnedSocketFactory.class.getName()
                                        + "&socketFactoryArg="
                                        + encoded(dialled.getHostAddress()));
    }

    private String query(String channelBindingOption, String... more) {
        String query =
                Stream.concat(
                                Stream.of(
                                        sslMode == SslMode.UNSET ? "" : "sslmode=" + sslMode.word,
                                        channelBinding == ChannelBinding.UNSET
                                                ? ""
                                                : channelBindingOption
                                                        + "="
                                                        + channelBinding.word()),
                                Stream.of(more))
                        .filter(option -> !option.isEmpty())
                        .collect(Collectors.joining("&"));
        return query.isEmpty() ? "" : "?" + query;
    }

    /** Host and port: the server, for messages and for grouping. */
    public String server() {
        return hostForUrl() + ":" + port;
    }

    /** Never shows the credentials. */
    @Override
    public String toString() {
        return "postgres://" + server() + "/" + database;
    }

    private String hostForUrl() {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, UTF_8).replace("+", "%20");
    }
}
