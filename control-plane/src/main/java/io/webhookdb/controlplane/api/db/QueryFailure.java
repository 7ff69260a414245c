package io.webhookdb.controlplane.api.db;

import java.sql.SQLException;

/** Why a reader's query failed. */
enum QueryFailure {
    /** The query itself: its text, its rights, its values. */
    REFUSED,
    /** It was stopped. */
    TIMEOUT,
    /** Its result is. */
    TOO_LARGE,
    /** What it sorts, joins or keeps on the server's disk meanwhile is more than a reader may. */
    TOO_MUCH_SPACE,
    /** No connection is free. */
    BUSY,
    /** The server or the way to it. */
    UNREACHABLE;

    static QueryFailure of(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (state.equals("57014")) {
            return TIMEOUT;
        }
        // The driver reports its own limit as a broken connection.
        if (String.valueOf(e.getMessage()).contains("maxResultBuffer")) {
            return TOO_LARGE;
        }
        // Of the class of missing resources the one that waiting does not mend.
        if (state.equals("53400")) {
            return TOO_MUCH_SPACE;
        }
        if (state.startsWith("53")) {
            return BUSY;
        }
        // Such as $1, for which there is no value: the server calls it a breach of the protocol.
        if (state.equals("08P01")) {
            return REFUSED;
        }
        if (state.startsWith("08") || state.startsWith("57P") || state.startsWith("28")) {
            return UNREACHABLE;
        }
        return REFUSED;
    }
}
