package io.webhookdb.controlplane.mail;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * A mail server as an operator names it: {@code smtp[s]://user:password@host:port}. {@code smtps}
 * is TLS from the first byte, {@code smtp} is STARTTLS where the server offers it; with a login,
 * and a server that is not this machine, it must offer it. User and password are percent-encoded
 * where they have reserved characters.
 */
record SmtpServer(Security security, String host, int port, Optional<Credentials> credentials) {
    private static final int HIGHEST_PORT = 65_535;
    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 10_000;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    /** How the connection is protected. */
    enum Security {
        TLS,
        STARTTLS_REQUIRED,
        STARTTLS_IF_OFFERED
    }

    /** A login. */
    record Credentials(String user, String password) {
        /** Never prints the password. */
        @Override
        public String toString() {
            return "Credentials[" + user + "]";
        }
    }

    /**
     * Parses the URL.
     *
     * @throws IllegalArgumentException if it is unusable; the message does not quote it
     */
    static SmtpServer parse(String url) {
        URI uri = uri(url);
        boolean implicit = "smtps".equals(uri.getScheme());
        if (!implicit && !"smtp".equals(uri.getScheme())) {
            throw refused("it must start with smtp:// or smtps://");
        }
        if (uri.getHost() == null) {
            throw refused("it has no host");
        }
        if (!uri.getPath().isEmpty() && !uri.getPath().equals("/")
                || uri.getQuery() != null
                || uri.getFragment() != null) {
            throw refused("nothing may follow the port");
        }
        Optional<Credentials> credentials =
                Optional.ofNullable(uri.getRawUserInfo()).map(SmtpServer::credentials);
        Security security =
                implicit
                        ? Security.TLS
                        : credentials.isPresent() && !LOOPBACK.contains(uri.getHost())
                                ? Security.STARTTLS_REQUIRED
                                : Security.STARTTLS_IF_OFFERED;
        if (uri.getPort() > HIGHEST_PORT) {
            throw refused("its port is above " + HIGHEST_PORT);
        }
        int port = uri.getPort() > 0 ? uri.getPort() : implicit ? 465 : 587;
        return new SmtpServer(security, uri.getHost(), port, credentials);
    }

    /** The mail library's name of the protocol. */
    String protocol() {
        return security == Security.TLS ? "smtps" : "smtp";
    }

    /** What the mail library is told; every wait is bounded. */
    Properties properties() {
        Properties properties = new Properties();
        String prefix = "mail." + protocol() + ".";
        properties.setProperty(prefix + "host", host);
        properties.setProperty(prefix + "port", Integer.toString(port));
        properties.setProperty(prefix + "auth", Boolean.toString(credentials.isPresent()));
        properties.setProperty(prefix + "connectiontimeout", Integer.toString(CONNECT_MILLIS));
        properties.setProperty(prefix + "timeout", Integer.toString(ANSWER_MILLIS));
        properties.setProperty(prefix + "writetimeout", Integer.toString(ANSWER_MILLIS));
        properties.setProperty(prefix + "ssl.checkserveridentity", "true");
        if (security != Security.TLS) {
            properties.setProperty(prefix + "starttls.enable", "true");
            properties.setProperty(
                    prefix + "starttls.required",
                    Boolean.toString(security == Security.STARTTLS_REQUIRED));
        }
        return properties;
    }

    private static Credentials credentials(String userInfo) {
        int colon = userInfo.indexOf(':');
        if (colon <= 0) {
            throw refused("a user needs a password: user:password@host");
        }
        return new Credentials(
                decoded(userInfo.substring(0, colon)), decoded(userInfo.substring(colon + 1)));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static URI uri(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            // The cause would quote the URL, and with it the password.
            throw refused("it is no URL; percent-encode what is reserved");
        }
    }

    private static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException(
                "Mail servers are written smtp[s]://user:password@host:port: " + why + ".");
    }
}
