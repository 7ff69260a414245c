package io.webhookdb.controlplane.provisioner.reading;

import java.sql.SQLException;

/** Why records could not be stored. Pure. */
enum StoreFailure {
    /** The database, or the way to it: the same records are tried again. */
    TRANSIENT,
    /** What a record says: no repetition helps. */
    POISON;

    /**
     * Classes 21, 22 and 23 (Postgres, appendix A: cardinality, data, integrity constraint) are
     * about values; whatever is not the database's word is about how we read them.
     */
    static StoreFailure of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                String state = sql.getSQLState() == null ? "" : sql.getSQLState();
                return state.startsWith("21") || state.startsWith("22") || state.startsWith("23")
                        ? POISON
                        : TRANSIENT;
            }
        }
        return POISON;
    }
}
