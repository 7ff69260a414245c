package io.webhookdb.security.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;

/** User and password of a URL, decoded; either may be empty. */
record UserInfo(String user, String password) {
    /** From the raw form {@code user:password}, percent-encoded; null for none. */
    static UserInfo of(String raw) {
        if (raw == null) {
            return new UserInfo("", "");
        }
        int colon = raw.indexOf(':');
        return colon < 0
                ? new UserInfo(decoded(raw), "")
                : new UserInfo(decoded(raw.substring(0, colon)), decoded(raw.substring(colon + 1)));
    }

    boolean isEmpty() {
        return user.isEmpty() && password.isEmpty();
    }

    /** {@code user:password@}; nothing if both are empty. */
    String prefix() {
        return isEmpty() ? "" : encoded(user) + ":" + encoded(password) + "@";
    }

    /** The URL as it is read; the message never quotes it. */
    static URI uri(String url, String expected) {
        try {
            URI uri = new URI(url.strip());
            if (uri.getHost() == null || uri.isOpaque()) {
                throw new IllegalArgumentException(expected);
            }
            return uri;
        } catch (URISyntaxException e) {
            // The cause would quote the URL.
            throw new IllegalArgumentException(expected);
        }
    }

    private static String decoded(String part) {
        // A plus sign is itself in this part of a URL, where the decoder takes it for a blank.
        return URLDecoder.decode(part.replace("+", "%2B"), UTF_8);
    }

    private static String encoded(String part) {
        // Stars stay, so that masked credentials look masked.
        return URLEncoder.encode(part, UTF_8).replace("+", "%20");
    }
}
