package io.webhookdb.security.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How to reach a Snowflake database: {@code
 * snowflake://user:password@account/database[/schema]?warehouse=NAME&role=NAME}. Account is an
 * account identifier or the host {@code IDENTIFIER.snowflakecomputing.com}; no other host is
 * accepted, and no other option.
 *
 * @param host account identifier as given, with the domain
 * @param database database name, decoded
 * @param schema schema name, decoded; empty for the default
 * @param options {@code warehouse} and {@code role}, where given
 * @param user decoded; may be empty
 * @param password decoded; may be empty; an RSA key as {@link PrivateKeyPem} for key-pair login
 */
public record SnowflakeUrl(
        String host,
        String database,
        String schema,
        Map<String, String> options,
        String user,
        String password) {
    private static final String DOMAIN = ".snowflakecomputing.com";
    private static final Set<String> OPTIONS = Set.of("warehouse", "role");
    private static final String EXPECTED =
            "Not a Snowflake URL. Expected"
                    + " snowflake://user:password@account/database?warehouse=NAME, with special"
                    + " characters of user and password percent-encoded.";

    public SnowflakeUrl {
        options = Map.copyOf(options);
        if (PrivateKeyPem.isOne(password)) {
            PrivateKeyPem.parse(password);
        }
    }

    /**
     * Reads a URL.
     *
     * @throws IllegalArgumentException saying what is wrong, never quoting the URL
     */
    public static SnowflakeUrl parse(String url) {
        URI uri = uri(url);
        String[] path = (uri.getRawPath() == null ? "" : uri.getRawPath()).split("/", -1);
        boolean hasDatabase = path.length >= 2 && path.length <= 3 && !path[1].isEmpty();
        String authority = uri.getRawAuthority();
        if (!"snowflake".equalsIgnoreCase(uri.getScheme()) || !hasDatabase || authority == null) {
            throw new IllegalArgumentException(EXPECTED);
        }
        int at = authority.lastIndexOf('@');
        String host = authority.substring(at + 1).toLowerCase(java.util.Locale.ROOT);
        String account = host.endsWith(DOMAIN) ? host : host + DOMAIN;
        if (!account.matches("[a-z0-9_-]+(\\.[a-z0-9_-]+){2,5}")) {
            throw new IllegalArgumentException(EXPECTED);
        }
        UserInfo credentials = UserInfo.of(at < 0 ? null : authority.substring(0, at));
        return new SnowflakeUrl(
                account,
                decoded(path[1]),
                path.length == 3 ? decoded(path[2]) : "",
                options(uri.getRawQuery()),
                credentials.user(),
                credentials.password());
    }

    /** Its authority may be an account's name with underscores, which is no host's. */
    private static URI uri(String url) {
        try {
            return new URI(url.strip());
        } catch (URISyntaxException e) {
            // The cause would quote the URL.
            throw new IllegalArgumentException(EXPECTED);
        }
    }

    /**
     * The host as it is dialled: with hyphens for the underscores an account's name may have, as
     * Snowflake serves it and its drivers do (JDBC release notes 3.13.25, {@code
     * allowUnderscoresInHost}).
     */
    public String dialledHost() {
        return host.replace('_', '-');
    }

    /** The same database with other credentials. */
    public SnowflakeUrl with(String newUser, String newPassword) {
        return new SnowflakeUrl(host, database, schema, options, newUser, newPassword);
    }

    /** The URL with its credentials: what {@link #parse} reads. A secret. */
    public String url() {
        String query =
                new TreeMap<>(options)
                        .entrySet().stream()
                                .map(option -> option.getKey() + "=" + encoded(option.getValue()))
                                .collect(Collectors.joining("&"));
        return "snowflake://"
                + new UserInfo(user, password).prefix()
                + host
                + "/"
                + encoded(database)
                + (schema.isEmpty() ? "" : "/" + encoded(schema))
                + (query.isEmpty() ? "" : "?" + query);
    }

    /** Never shows the credentials. */
    @Override
    public String toString() {
        return "snowflake://" + host + "/" + database;
    }

    private static Map<String, String> options(String query) {
        Map<String, String> options = new TreeMap<>();
        if (query == null || query.isEmpty()) {
            return options;
        }
        for (String option : query.split("&", -1)) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            if (!OPTIONS.contains(name)) {
                throw new IllegalArgumentException(
                        "Unknown option in a Snowflake URL. Allowed: role, warehouse.");
            }
            options.put(name, equals < 0 ? "" : decoded(option.substring(equals + 1)));
        }
        return options;
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part, UTF_8);
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, UTF_8).replace("+", "%20");
    }
}
