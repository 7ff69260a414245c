package io.webhookdb.ingest.spool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Reads {@link SpoolSettings} from environment variables. */
public final class SpoolEnvironment {
    /** Folder of the spool; without one there is none. */
    public static final String DIRECTORY = "WEBHOOKDB_SPOOL_DIRECTORY";

    /** Most bytes of its files. */
    public static final String BYTES = "WEBHOOKDB_SPOOL_BYTES";

    /** Milliseconds Kafka may take. */
    public static final String AFTER = "WEBHOOKDB_SPOOL_AFTER_MILLIS";

    private SpoolEnvironment() {}

    /**
     * The settings, if a folder is named.
     *
     * @throws IllegalArgumentException naming the variable, its value and what is allowed
     */
    public static Optional<SpoolSettings> read(Map<String, String> variables) {
        String directory = variables.getOrDefault(DIRECTORY, "").strip();
        return directory.isEmpty() ? Optional.empty() : Optional.of(in(directory, variables));
    }

    /** The same in a folder of the caller's choice, unless the variables name another. */
    public static SpoolSettings read(Map<String, String> variables, Path standard) {
        return read(variables).orElseGet(() -> in(standard.toString(), variables));
    }

    private static SpoolSettings in(String directory, Map<String, String> variables) {
        long bytes = number(variables, BYTES, SpoolSettings.DEFAULT_LIMIT_BYTES);
        long millis = number(variables, AFTER, SpoolSettings.DEFAULT_AFTER.toMillis());
        try {
            return new SpoolSettings(Path.of(directory), bytes, Duration.ofMillis(millis));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(BYTES + ", " + AFTER + ": " + e.getMessage(), e);
        }
    }

    private static long number(Map<String, String> variables, String name, long standard) {
        String value = variables.getOrDefault(name, "").strip();
        try {
            return value.isEmpty() ? standard : Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    name + " is \"" + value + "\", expected a whole number", e);
        }
    }
}
