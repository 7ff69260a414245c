package io.webhookdb.cli;

/** How a run ended, as the shell sees it. */
public enum Outcome {
    /** What was asked for was done. */
    DONE(0),
    /**
     * The words, the environment or the preferences file are wrong; nothing was asked of the API.
     */
    USAGE(1),
    /** The API refused, was out of reach, or gave an answer that cannot be used. */
    FAILED(2);

    private final int exitCode;

    Outcome(int exitCode) {
        this.exitCode = exitCode;
    }

    /** Exit code of the process. */
    public int exitCode() {
        return exitCode;
    }
}
