package io.webhookdb.jobs.plumbing;

import io.webhookdb.security.kafka.KafkaAccess;
import java.util.Map;

/** What a job was started with: arguments by place, or environment variables of a name each. */
public final class JobArguments {
    private final String[] arguments;
    private final Map<String, String> environment;

    private JobArguments(String[] arguments, Map<String, String> environment) {
        this.arguments = arguments.clone();
        this.environment = Map.copyOf(environment);
    }

    /** The arguments of {@code main} and the environment of the process. */
    public static JobArguments of(String... arguments) {
        return of(System.getenv(), arguments);
    }

    static JobArguments of(Map<String, String> environment, String... arguments) {
        return new JobArguments(arguments, environment);
    }

    /**
     * Where the log is: Kafka's host:port list, the first argument, and variables for the rest.
     *
     * @throws IllegalArgumentException saying which variables cannot be used, and why
     */
    public KafkaAccess kafka() {
        return KafkaAccess.of(required(0, "WEBHOOKDB_KAFKA_BOOTSTRAP"), environment);
    }

    /** The folder of keysets, the second argument. */
    public String keysets() {
        return required(1, "WEBHOOKDB_KEYSETS");
    }

    /** Address ranges that may be called although they are not public; empty for none. */
    public String outboundAllow() {
        return optional("WEBHOOKDB_OUTBOUND_ALLOW");
    }

    /** The variable's value, empty where it is not set. */
    public String optional(String variable) {
        return environment.getOrDefault(variable, "");
    }

    /** The argument at that place, else the variable's value, else empty. */
    public String optional(int place, String variable) {
        return arguments.length > place ? arguments[place] : optional(variable);
    }

    /** All environment variables. */
    public Map<String, String> environment() {
        return environment;
    }

    private String required(int place, String variable) {
        String value = optional(place, variable);
        if (value.isBlank()) {
            throw new IllegalArgumentException(
                    variable + " is not set, and there is no argument " + (place + 1) + ".");
        }
        return value;
    }
}
