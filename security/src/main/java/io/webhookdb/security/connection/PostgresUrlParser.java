package io.webhookdb.security.connection;

import io.webhookdb.security.connection.PostgresUrl.ChannelBinding;
import io.webhookdb.security.connection.PostgresUrl.SslMode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads Postgres URLs. Its messages never quote the URL, which holds a password. */
final class PostgresUrlParser {
    private static final Pattern URL =
            Pattern.compile(
                    "postgres(?:ql)?://"
                            + "(?:(?<user>[^:@/?#]*)(?::(?<password>[^@/?#]*))?@)?"
                            + "(?<host>\\[[0-9A-Fa-f:.%]+]|[^:@/?#\\[\\]]+)"
                            + "(?::(?<port>[0-9]{1,5}))?"
                            + "/(?<database>[^/?#]+)"
                            + "(?:\\?(?<query>[^#]*))?");
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252})|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private static final String SSL_MODE = "sslmode";
    private static final String CHANNEL_BINDING = "channel_binding";

    private PostgresUrlParser() {}

    static PostgresUrl parse(String url) {
        Matcher match = URL.matcher(url.strip());
        if (!match.matches()) {
            throw new IllegalArgumentException(
                    "Not a Postgres URL. Expected postgres://user:password@host:port/database,"
                            + " with special characters of user and password percent-encoded.");
        }
        String host = match.group("host");
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        String port = match.group("port");
        Map<String, String> options = options(match.group("query"));
        return new PostgresUrl(
                host,
                port == null ? PostgresUrl.DEFAULT_PORT : Integer.parseInt(port),
                decoded(match.group("database")),
                decoded(match.group("user")),
                decoded(match.group("password")),
                options.containsKey(SSL_MODE) ? SslMode.of(options.get(SSL_MODE)) : SslMode.UNSET,
                options.containsKey(CHANNEL_BINDING)
                        ? ChannelBinding.of(options.get(CHANNEL_BINDING))
                        : ChannelBinding.UNSET);
    }

    static boolean isHost(String host) {
        return HOST.matcher(host).matches();
    }

    private static Map<String, String> options(String query) {
        Map<String, String> options = new HashMap<>();
        if (query == null || query.isEmpty()) {
            return options;
        }
        for (String option : query.split("&", -1)) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            if (!name.equals(SSL_MODE) && !name.equals(CHANNEL_BINDING)) {
                throw new IllegalArgumentException(
                        "Unknown option in a Postgres URL. Allowed: sslmode, channel_binding.");
            }
            options.put(name, equals < 0 ? "" : option.substring(equals + 1));
        }
        return options;
    }

    private static String decoded(String part) {
        if (part == null || part.indexOf('%') < 0) {
            return part == null ? "" : part;
        }
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream plain = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%') {
                plain.write(octet(bytes, i));
                i += 2;
            } else {
                plain.write(bytes[i]);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(plain.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "A percent-encoded part of a Postgres URL is no UTF-8.", e);
        }
    }

    private static int octet(byte[] bytes, int at) {
        int high = at + 2 < bytes.length ? Character.digit(bytes[at + 1], 16) : -1;
        int low = high < 0 ? -1 : Character.digit(bytes[at + 2], 16);
        if (low < 0) {
            throw new IllegalArgumentException(
                    "A percent sign in a Postgres URL must be followed by two hex digits.");
        }
        return high * 16 + low;
    }
}
