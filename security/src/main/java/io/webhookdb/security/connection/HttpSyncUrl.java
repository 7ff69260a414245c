package io.webhookdb.security.connection;

import java.net.URI;
import java.util.Locale;

/**
 * The endpoint of an HTTP sync target: {@code https://user:password@host[:port]/path?query}. Its
 * credentials are sent as HTTP Basic authentication.
 *
 * @param target what is posted to: without credentials
 * @param user decoded; may be empty
 * @param password decoded; may be empty
 */
public record HttpSyncUrl(URI target, String user, String password) {
    private static final String EXPECTED =
            "Not the URL of an HTTP sync target. Expected https://user:password@host/path, with"
                    + " special characters of user and password percent-encoded.";

    /**
     * Reads {@code https} or {@code http}; whether http may be used is for an outbound policy to
     * say. Encrypted calls need credentials.
     *
     * @throws IllegalArgumentException saying what is wrong, never quoting the URL
     */
    public static HttpSyncUrl parse(String url) {
        URI uri = UserInfo.uri(url, EXPECTED);
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new IllegalArgumentException(EXPECTED + " Allowed: https://.");
        }
        if (uri.getPort() == 0 || uri.getPort() > 65535) {
            throw new IllegalArgumentException(EXPECTED);
        }
        UserInfo credentials = UserInfo.of(uri.getRawUserInfo());
        if (scheme.equals("https") && credentials.isEmpty()) {
            throw new IllegalArgumentException(
                    "An HTTP sync target needs a user or a password:"
                            + " https://user:password@host/path.");
        }
        StringBuilder target = new StringBuilder(scheme).append("://").append(uri.getHost());
        if (uri.getPort() > 0) {
            target.append(':').append(uri.getPort());
        }
        target.append(uri.getRawPath() == null ? "" : uri.getRawPath());
        if (uri.getRawQuery() != null) {
            target.append('?').append(uri.getRawQuery());
        }
        return new HttpSyncUrl(
                URI.create(target.toString()), credentials.user(), credentials.password());
    }

    /** The same endpoint with other credentials. */
    public HttpSyncUrl with(String newUser, String newPassword) {
        return new HttpSyncUrl(target, newUser, newPassword);
    }

    /** The URL with its credentials: what {@link #parse} reads. A secret. */
    public String url() {
        String text = target.toString();
        int host = text.indexOf("://") + 3;
        return text.substring(0, host)
                + new UserInfo(user, password).prefix()
                + text.substring(host);
    }

    /** Never shows the credentials. */
    @Override
    public String toString() {
        return target.toString();
    }
}
