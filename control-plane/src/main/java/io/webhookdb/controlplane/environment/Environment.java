package io.webhookdb.controlplane.environment;

import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.kafka.KafkaAccess;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.security.tls.TlsFiles;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Environment variables. A missing or unusable one is refused by name; values are never quoted,
 * because many are secrets.
 */
public final class Environment {
    private final Map<String, String> variables;

    public Environment(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    /** Values of all whose names begin like that, by the rest of the name. */
    public Map<String, String> startingWith(String prefix) {
        Map<String, String> found = new TreeMap<>();
        variables.forEach(
                (name, value) -> {
                    if (name.startsWith(prefix) && !value.isBlank()) {
                        found.put(name.substring(prefix.length()), value.strip());
                    }
                });
        return found;
    }

    /** A variable that may be missing or blank. */
    public Optional<String> optional(String name) {
        return Optional.ofNullable(variables.get(name))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    /** A variable that must be set. */
    public String required(String name) {
        return optional(name)
                .orElseThrow(() -> new IllegalArgumentException(name + " is not set."));
    }

    /** A variable that must be an URL of a Postgres database. */
    public PostgresUrl postgres(String name) {
        return postgres(name, required(name));
    }

    /** A variable with one or more URLs of Postgres databases, separated by commas or spaces. */
    public List<PostgresUrl> postgresList(String name) {
        return Arrays.stream(required(name).split("[,\\s]+"))
                .map(url -> postgres(name, url))
                .toList();
    }

    /** A number within bounds, or what is assumed without one. */
    public int number(String name, int assumed, int least, int most) {
        Optional<String> text = optional(name);
        if (text.isEmpty()) {
            return assumed;
        }
        try {
            int number = Integer.parseInt(text.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused below, like a number out of bounds.
        }
        throw new IllegalArgumentException(
                name + " must be a number from " + least + " to " + most + ".");
    }

    /** The certificate of a listener, of {@code PREFIX}CERTIFICATE and {@code PREFIX}KEY. */
    public Optional<TlsFiles> tls(String prefix) {
        return TlsFiles.of(variables, prefix);
    }

    /** The Kafka at these servers, reached as the variables for it say. */
    public KafkaAccess kafka(String bootstrapServers) {
        return KafkaAccess.of(bootstrapServers, variables);
    }

    /** Whether a switch is on: {@code true} or {@code false}, off if not set. */
    public boolean enabled(String name) {
        String text = optional(name).orElse("false");
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(name + " must be true or false.");
        };
    }

    /** The keysets in the folder a variable names. */
    public KeysetFolder keysets(String name) {
        return KeysetFolder.open(Path.of(required(name)));
    }

    private static PostgresUrl postgres(String name, String url) {
        try {
            return PostgresUrl.parse(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }
}
