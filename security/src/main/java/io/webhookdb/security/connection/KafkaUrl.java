package io.webhookdb.security.connection;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How to reach a customer's Kafka: {@code
 * kafka://user:password@host:port,host2:port/topic-prefix?security=sasl_ssl&mechanism=plain&ca=PEM}.
 * No other option is accepted: none of the client's own settings, and nothing that names a class or
 * a file.
 *
 * @param servers where to begin; not resolved
 * @param prefix what topics begin with, before a dot; empty for none
 * @param security how the connection is protected
 * @param mechanism how the user is proved, where {@code security} has one
 * @param authority certificates (PEM) that are trusted instead of the usual ones; empty for those
 * @param user decoded; may be empty
 * @param password decoded; may be empty
 */
public record KafkaUrl(
        List<InetSocketAddress> servers,
        String prefix,
        Security security,
        Mechanism mechanism,
        String authority,
        String user,
        String password) {
    private static final String EXPECTED =
            "Not a Kafka URL. Expected kafka://user:password@host:port,host2:port/topic-prefix,"
                    + " with special characters of user and password percent-encoded.";
    private static final Pattern FORM =
            Pattern.compile("kafka://(?:([^@/?#]*)@)?([^@/?#]+)(?:/([^/?#]*))?(?:\\?([^#]*))?");
    private static final Pattern SERVER =
            Pattern.compile("(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._-]{0,100}");
    private static final int PORT = 9092;

    public KafkaUrl {
        servers = List.copyOf(servers);
    }

    /** How a connection is protected. */
    public enum Security {
        PLAINTEXT,
        SSL,
        SASL_PLAINTEXT,
        SASL_SSL;

        /** Whether nobody on the way can read along. */
        public boolean isEncrypted() {
            return this == SSL || this == SASL_SSL;
        }

        /** Whether a user is proved. */
        public boolean hasUser() {
            return this == SASL_PLAINTEXT || this == SASL_SSL;
        }
    }

    /** How a user is proved (SASL). */
    public enum Mechanism {
        PLAIN,
        SCRAM_SHA_256,
        SCRAM_SHA_512;

        /** As Kafka calls it. */
        public String word() {
            return name().replace('_', '-');
        }
    }

    /**
     * Reads a URL. Encrypted unless it says otherwise.
     *
     * @throws IllegalArgumentException saying what is wrong, never quoting the URL
     */
    public static KafkaUrl parse(String url) {
        Matcher parts = FORM.matcher(url.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException(EXPECTED);
        }
        UserInfo credentials = UserInfo.of(parts.group(1));
        Map<String, String> options =
                UrlOptions.parse(parts.group(4), Set.of("security", "mechanism", "ca"));
        Security security =
                word(
                        Security.class,
                        options.getOrDefault(
                                "security", credentials.isEmpty() ? "ssl" : "sasl_ssl"),
                        "security");
        if (security.hasUser() == credentials.isEmpty()) {
            throw new IllegalArgumentException(
                    security.hasUser()
                            ? "security=sasl_… needs a user and a password in the URL."
                            : "A user needs security=sasl_ssl (or sasl_plaintext).");
        }
        String prefix = parts.group(3) == null ? "" : parts.group(3);
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "A topic prefix holds at most 100 letters, digits, dots, underscores and"
                            + " hyphens.");
        }
        return new KafkaUrl(
                servers(parts.group(2)),
                prefix,
                security,
                word(Mechanism.class, options.getOrDefault("mechanism", "plain"), "mechanism"),
                options.getOrDefault("ca", ""),
                credentials.user(),
                credentials.password());
    }

    private static List<InetSocketAddress> servers(String text) {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            Matcher server = SERVER.matcher(each);
            int port =
                    server.matches() && server.group(2) != null
                            ? Integer.parseInt(server.group(2))
                            : PORT;
            if (!server.matches() || port < 1 || port > 65535) {
                throw new IllegalArgumentException(EXPECTED);
            }
            servers.add(InetSocketAddress.createUnresolved(server.group(1), port));
        }
        return servers;
    }

    private static <E extends Enum<E>> E word(Class<E> type, String text, String option) {
        String name = text.toUpperCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(type.getEnumConstants())
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "Unknown "
                                                + option
                                                + ". Allowed: "
                                                + Arrays.stream(type.getEnumConstants())
                                                        .map(KafkaUrl::lower)
                                                        .collect(Collectors.joining(", "))
                                                + "."));
    }

    private static String lower(Enum<?> word) {
        String text = word.name().toLowerCase(Locale.ROOT);
        return word instanceof Mechanism ? text.replace('_', '-') : text;
    }

    /** The same cluster with other credentials; without a user it has none. */
    public KafkaUrl with(String newUser, String newPassword) {
        return security.hasUser()
                ? new KafkaUrl(
                        servers, prefix, security, mechanism, authority, newUser, newPassword)
                : this;
    }

    /** {@code host:port,host2:port}. */
    public String bootstrap() {
        return servers.stream()
                .map(server -> server.getHostString() + ":" + server.getPort())
                .collect(Collectors.joining(","));
    }

    /** The URL with its credentials: what {@link #parse} reads. A secret. */
    public String url() {
        Map<String, String> options = new TreeMap<>();
        options.put("security", lower(security));
        if (security.hasUser()) {
            options.put("mechanism", lower(mechanism));
        }
        if (!authority.isEmpty()) {
            options.put("ca", authority);
        }
        return "kafka://"
                + new UserInfo(user, password).prefix()
                + bootstrap()
                + (prefix.isEmpty() ? "" : "/" + prefix)
                + UrlOptions.text(options);
    }

    /** Never shows the credentials. */
    @Override
    public String toString() {
        return "kafka://" + bootstrap();
    }
}
