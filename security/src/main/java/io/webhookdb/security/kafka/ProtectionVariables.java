package io.webhookdb.security.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads from environment variables how Kafka's clients encrypt and log in. */
final class ProtectionVariables {
    static final String PROTOCOL = "WEBHOOKDB_KAFKA_SECURITY_PROTOCOL";
    static final String MECHANISM = "WEBHOOKDB_KAFKA_SASL_MECHANISM";
    static final String USERNAME = "WEBHOOKDB_KAFKA_SASL_USERNAME";
    static final String PASSWORD = "WEBHOOKDB_KAFKA_SASL_PASSWORD";
    static final String PASSWORD_FILE = "WEBHOOKDB_KAFKA_SASL_PASSWORD_FILE";
    static final String AUTHORITY = "WEBHOOKDB_KAFKA_TLS_CA";
    static final String CERTIFICATE = "WEBHOOKDB_KAFKA_TLS_CERTIFICATE";
    static final String KEY = "WEBHOOKDB_KAFKA_TLS_KEY";

    private static final List<String> PROTOCOLS =
            List.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");
    private static final List<String> OF_LOGIN =
            List.of(MECHANISM, USERNAME, PASSWORD, PASSWORD_FILE);
    private static final List<String> OF_TLS = List.of(AUTHORITY, CERTIFICATE, KEY);
    private static final Map<String, String> MODULES =
            Map.of(
                    "PLAIN", "org.apache.kafka.common.security.plain.PlainLoginModule",
                    "SCRAM-SHA-256", "org.apache.kafka.common.security.scram.ScramLoginModule",
                    "SCRAM-SHA-512", "org.apache.kafka.common.security.scram.ScramLoginModule");

    /** What Kafka's reference to a part of a file cannot hold. */
    private static final Set<String> UNFIT = Set.of(":", "}");

    private final Map<String, String> variables;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, String> settings = new HashMap<>();

    ProtectionVariables(Map<String, String> variables) {
        this.variables = variables;
    }

    Map<String, String> read() {
        String protocol = text(PROTOCOL).isEmpty() ? "PLAINTEXT" : text(PROTOCOL);
        if (!PROTOCOLS.contains(protocol)) {
            problems.add(PROTOCOL + " is \"" + protocol + "\", allowed are " + sorted(PROTOCOLS));
        } else {
            if (!protocol.equals("PLAINTEXT")) {
                settings.put("security.protocol", protocol);
            }
            if (protocol.endsWith("SSL")) {
                tls();
            } else {
                unused(OF_TLS, protocol, "SSL or SASL_SSL");
            }
            if (protocol.startsWith("SASL")) {
                login(protocol);
            } else {
                unused(OF_LOGIN, protocol, "SASL_SSL or SASL_PLAINTEXT");
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return settings;
    }

    private void tls() {
        if (!text(AUTHORITY).isEmpty()) {
            Path file = readable(AUTHORITY, "-----BEGIN CERTIFICATE-----");
            settings.put("ssl.truststore.type", "PEM");
            settings.put("ssl.truststore.location", file.toString());
        }
        if (text(CERTIFICATE).isEmpty() != text(KEY).isEmpty()) {
            problems.add(
                    "%s is \"%s\" and %s is \"%s\", expected both or neither"
                            .formatted(CERTIFICATE, text(CERTIFICATE), KEY, text(KEY)));
        } else if (!text(KEY).isEmpty()) {
            settings.put("ssl.keystore.type", "PEM");
            settings.put(
                    "ssl.keystore.certificate.chain",
                    reference(readable(CERTIFICATE, "-----BEGIN CERTIFICATE-----")));
            // PKCS#8, as for listeners.
            settings.put(
                    "ssl.keystore.key", reference(readable(KEY, "-----BEGIN PRIVATE KEY-----")));
            settings.put("config.providers", "directory");
            settings.put(
                    "config.providers.directory.class",
                    "org.apache.kafka.common.config.provider.DirectoryConfigProvider");
        }
    }

    /** Kafka reads the file when a client is made; its content is not in the settings. */
    private String reference(Path file) {
        String path = file.toString();
        if (UNFIT.stream().anyMatch(path::contains)) {
            problems.add("\"" + path + "\" cannot be used, a path may not contain : or }");
        }
        return "${directory:" + file.getParent() + ":" + file.getFileName() + "}";
    }

    private void login(String protocol) {
        String mechanism = text(MECHANISM);
        if (!MODULES.containsKey(mechanism)) {
            problems.add(
                    MECHANISM
                            + " is \""
                            + mechanism
                            + "\", allowed are "
                            + sorted(MODULES.keySet()));
        } else if (mechanism.equals("PLAIN") && !protocol.endsWith("SSL")) {
            problems.add(
                    MECHANISM
                            + " is \"PLAIN\", which sends the password in clear; with "
                            + protocol
                            + " allowed are SCRAM-SHA-256 and SCRAM-SHA-512");
        }
        if (text(USERNAME).isEmpty()) {
            problems.add(USERNAME + " is not set, expected the name to log in with");
        }
        settings.put("sasl.mechanism", mechanism);
        settings.put(
                "sasl.jaas.config",
                MODULES.get(mechanism)
                        + " required "
                        + option(KafkaLogin.USERNAME, text(USERNAME))
                        + password()
                        + ";");
        settings.put("sasl.client.callback.handler.class", KafkaLogin.class.getName());
    }

    private String password() {
        boolean inVariable = !variables.getOrDefault(PASSWORD, "").isEmpty();
        boolean inFile = !text(PASSWORD_FILE).isEmpty();
        if (inVariable == inFile) {
            problems.add(
                    "%s and %s are %s, expected one of them"
                            .formatted(PASSWORD, PASSWORD_FILE, inFile ? "both set" : "not set"));
        }
        return inFile
                ? option(KafkaLogin.FILE, readable(PASSWORD_FILE, "").toString())
                : option(KafkaLogin.VARIABLE, PASSWORD);
    }

    /** Quoted as JAAS has it. */
    private static String option(String name, String value) {
        String quoted = value.replace("\\", "\\\\").replace("\"", "\\\"");
        return " " + name + "=\"" + quoted + "\"";
    }

    private void unused(List<String> names, String protocol, String needed) {
        for (String name : names) {
            if (!text(name).isEmpty()) {
                problems.add(
                        "%s is set, but %s is %s; it needs %s"
                                .formatted(name, PROTOCOL, protocol, needed));
            }
        }
    }

    private Path readable(String name, String expected) {
        Path file = Path.of(text(name)).toAbsolutePath().normalize();
        try {
            if (!Files.readString(file).contains(expected)) {
                problems.add(name + " is \"" + file + "\", a file without " + expected);
            }
        } catch (IOException e) {
            problems.add(
                    name
                            + " is \""
                            + file
                            + "\", expected a file that can be read ("
                            + e.getClass().getSimpleName()
                            + ")");
        }
        return file;
    }

    private String text(String name) {
        return variables.getOrDefault(name, "").strip();
    }

    private static List<String> sorted(java.util.Collection<String> words) {
        return words.stream().sorted().toList();
    }
}
