package io.webhookdb.connectors.sync;

/** A page was not taken. The message is for a person and holds neither payload nor credentials. */
final class SyncException extends Exception {
    private static final long serialVersionUID = 1L;

    private final SyncFailure failure;
    private final String sqlState;

    SyncException(SyncFailure failure, String message) {
        this(failure, message, null, null);
    }

    SyncException(SyncFailure failure, String message, String sqlState, Throwable cause) {
        super(message, cause);
        this.failure = failure;
        this.sqlState = sqlState;
    }

    SyncFailure failure() {
        return failure;
    }

    /** What the database said; null where none did. */
    String sqlState() {
        return sqlState;
    }
}
