package io.webhookdb.connectors.sync;

/** A page was not taken. The message is for a person and holds neither payload nor credentials. */
public final class SyncException extends Exception {
    private static final long serialVersionUID = 1L;

    private final SyncFailure failure;
    private final String sqlState;

    public SyncException(SyncFailure failure, String message) {
        this(failure, message, null, null);
    }

    public SyncException(SyncFailure failure, String message, String sqlState, Throwable cause) {
        super(message, cause);
        this.failure = failure;
        this.sqlState = sqlState;
    }

    /** What to do about it. */
    public SyncFailure failure() {
        return failure;
    }

    /** What the database said; null where none did. */
    public String sqlState() {
        return sqlState;
    }
}
