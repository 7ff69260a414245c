package io.webhookdb.cli;

/**
 * Ends the command with a message for the person at the terminal. The message says which value,
 * what was expected and what to do; it never holds a token, a secret or a request body.
 */
public final class CliFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Outcome outcome;

    private CliFailure(Outcome outcome, String message, Throwable cause) {
        super(message, cause);
        this.outcome = outcome;
    }

    /** Wrong words, environment or preferences. */
    public static CliFailure usage(String message) {
        return new CliFailure(Outcome.USAGE, message, null);
    }

    /** As {@link #usage(String)}, with what went wrong below. */
    public static CliFailure usage(String message, Throwable cause) {
        return new CliFailure(Outcome.USAGE, message, cause);
    }

    /** The API refused, or what it answered cannot be used. */
    public static CliFailure api(String message) {
        return new CliFailure(Outcome.FAILED, message, null);
    }

    /** As {@link #api(String)}, with what went wrong below. */
    public static CliFailure api(String message, Throwable cause) {
        return new CliFailure(Outcome.FAILED, message, cause);
    }

    public Outcome outcome() {
        return outcome;
    }
}
