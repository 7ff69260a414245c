package io.webhookdb.security.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The options after a URL's question mark, from a closed set. */
final class UrlOptions {
    private UrlOptions() {}

    /**
     * Reads {@code a=1&b=2}, percent-encoded; null for none.
     *
     * @throws IllegalArgumentException naming what is allowed, never quoting the value
     */
    static Map<String, String> parse(String query, Set<String> allowed) {
        Map<String, String> options = new TreeMap<>();
        if (query == null || query.isEmpty()) {
            return options;
        }
        for (String option : query.split("&", -1)) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            if (!allowed.contains(name) || equals < 0) {
                throw new IllegalArgumentException(
                        "Unknown option in the URL. Allowed: "
                                + String.join(", ", new TreeSet<>(allowed))
                                + ", each with a value.");
            }
            options.put(name, URLDecoder.decode(option.substring(equals + 1), UTF_8));
        }
        return options;
    }

    /** Written as {@code ?a=1&b=2}; empty for none. */
    static String text(Map<String, String> options) {
        return options.isEmpty()
                ? ""
                : new TreeMap<>(options)
                        .entrySet().stream()
                                .map(option -> option.getKey() + "=" + encoded(option.getValue()))
                                .collect(Collectors.joining("&", "?", ""));
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, UTF_8).replace("+", "%20");
    }
}
