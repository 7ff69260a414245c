package io.webhookdb.security.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;

/**
 * Tells Kafka's client the password at each login, from a variable or a file of this process: the
 * client's settings travel in a job's graph and may not hold it. A file that was changed counts
 * from the next connection on. Made by Kafka.
 */
public final class KafkaLogin implements AuthenticateCallbackHandler {
    static final String USERNAME = "username";
    static final String VARIABLE = "passwordVariable";
    static final String FILE = "passwordFile";

    private Map<String, ?> options = Map.of();

    @Override
    public void configure(
            Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {
        options = entries.get(0).getOptions();
    }

    /** Answers what it knows; extensions of SCRAM there are none. */
    @Override
    public void handle(Callback[] callbacks) {
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                name.setName(String.valueOf(options.get(USERNAME)));
            } else if (callback instanceof PasswordCallback asked) {
                asked.setPassword(password().toCharArray());
            }
        }
    }

    private String password() {
        if (options.containsKey(FILE)) {
            return fromFile(Path.of(String.valueOf(options.get(FILE))));
        }
        String variable = String.valueOf(options.get(VARIABLE));
        String value = System.getenv(variable);
        if (value == null) {
            throw new IllegalStateException(
                    variable
                            + " is not set in this process, expected the password for Kafka; a"
                            + " job's task managers need it, too");
        }
        return value;
    }

    private static String fromFile(Path file) {
        try {
            return Files.readString(file).stripTrailing();
        } catch (IOException e) {
            throw new UncheckedIOException("The password for Kafka cannot be read", e);
        }
    }

    @Override
    public void close() {}
}
