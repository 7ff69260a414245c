package io.webhookdb.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * A further listener of the embedded broker that takes only TLS, a client's certificate and a login
 * (SASL_SSL, SCRAM-SHA-512): what a broker of somebody else may ask for.
 *
 * @param port on 127.0.0.1
 * @param certificate PEM file, of the broker; clients' certificates must be the same, or be vouched
 *     for by it
 * @param key PEM file with its private key
 */
public record SecureListener(int port, Path certificate, Path key, String user, String password) {
    private static final String NAME = "SECURE";
    private static final String MECHANISM = "SCRAM-SHA-512";

    String url() {
        return NAME + "://127.0.0.1:" + port;
    }

    String protocol() {
        return NAME + ":SASL_SSL";
    }

    void addTo(Properties properties) {
        String prefix = "listener.name." + NAME.toLowerCase(java.util.Locale.ROOT) + ".";
        properties.setProperty("sasl.enabled.mechanisms", MECHANISM);
        properties.setProperty(
                prefix + MECHANISM.toLowerCase(java.util.Locale.ROOT) + ".sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        properties.setProperty(prefix + "ssl.client.auth", "required");
        properties.setProperty(prefix + "ssl.keystore.type", "PEM");
        properties.setProperty(prefix + "ssl.keystore.certificate.chain", text(certificate));
        properties.setProperty(prefix + "ssl.keystore.key", text(key));
        properties.setProperty(prefix + "ssl.truststore.type", "PEM");
        properties.setProperty(prefix + "ssl.truststore.certificates", text(certificate));
    }

    /** What formatting has to be told, for the user to be known from the start. */
    String credentials() {
        return "%s=[name=%s,password=%s]".formatted(MECHANISM, user, password);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
