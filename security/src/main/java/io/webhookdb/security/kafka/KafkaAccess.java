package io.webhookdb.security.kafka;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where Kafka is and how a client of ours reaches it. Every client of the log is made from one.
 *
 * <p>Holds no secret, only where secrets are (a variable, a file), so it may become part of a job's
 * graph and may be shown; the process that connects reads them.
 *
 * @param bootstrapServers host:port list
 * @param protection client settings for encryption and login, by Kafka's names; empty for none
 */
public record KafkaAccess(String bootstrapServers, Map<String, String> protection)
        implements Serializable {
    private static final String BOOTSTRAP = "WEBHOOKDB_KAFKA_BOOTSTRAP";
    private static final int HIGHEST_PORT = 65_535;

    /** A protocol, which is ignored, a host or an address in brackets, and a port. */
    private static final Pattern ADDRESS =
            Pattern.compile("(?:[\\w%.-]*://)?(?:[\\w%.-]+|\\[[\\w%.:]+]):(\\d{1,5})");

    public KafkaAccess {
        Objects.requireNonNull(bootstrapServers, "bootstrapServers");
        protection = Map.copyOf(protection);
    }

    /** In clear and without a login. */
    public static KafkaAccess plain(String bootstrapServers) {
        return new KafkaAccess(bootstrapServers, Map.of());
    }

    /**
     * As the variables {@code WEBHOOKDB_KAFKA_SECURITY_PROTOCOL}, {@code WEBHOOKDB_KAFKA_SASL_…}
     * and {@code WEBHOOKDB_KAFKA_TLS_…} say; in clear where none is set.
     *
     * @param bootstrapServers the value of {@value #BOOTSTRAP}
     * @throws IllegalArgumentException listing everything that is missing, unusable or set for
     *     nothing
     */
    public static KafkaAccess of(String bootstrapServers, Map<String, String> environment) {
        if (!Arrays.stream(bootstrapServers.split(",")).allMatch(KafkaAccess::isAddress)) {
            throw new IllegalArgumentException(
                    BOOTSTRAP + " is \"" + bootstrapServers + "\", expected host:port[,host:port]");
        }
        return new KafkaAccess(bootstrapServers, new ProtectionVariables(environment).read());
    }

    /** What Kafka's clients would refuse as well, but later, and saying less. */
    private static boolean isAddress(String server) {
        Matcher found = ADDRESS.matcher(server.strip());
        return found.matches() && Integer.parseInt(found.group(1)) <= HIGHEST_PORT;
    }

    /** Settings of a client that needs these beside. */
    public Map<String, Object> client(Map<String, ?> settings) {
        Map<String, Object> all = new HashMap<>(protection);
        all.put("bootstrap.servers", bootstrapServers);
        all.putAll(settings);
        return all;
    }

    /** The same for what asks for properties. */
    public Properties properties() {
        Properties properties = new Properties();
        properties.putAll(protection);
        properties.setProperty("bootstrap.servers", bootstrapServers);
        return properties;
    }
}
