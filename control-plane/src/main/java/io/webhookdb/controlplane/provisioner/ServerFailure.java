package io.webhookdb.controlplane.provisioner;

import java.sql.SQLException;

/** Why work on a replication server failed. Each is retried; they differ in who has to act. */
enum ServerFailure {
    /** The server or the way to it; passes by itself. */
    UNREACHABLE,
    /** Locks, timeouts, full pools; passes by itself. */
    BUSY,
    /** The administrator's or owner's login or rights; an operator has to act. */
    NOT_ALLOWED,
    /** Anything else the server said; look at its SQL state. */
    REFUSED,
    /** Not the server: an error of ours. */
    INTERNAL;

    static ServerFailure of(Exception e) {
        if (!(e instanceof SQLException sql)) {
            return INTERNAL;
        }
        String state = sqlState(sql);
        if (state.startsWith("28") || state.equals("42501")) {
            return NOT_ALLOWED;
        }
        if (state.startsWith("08") || state.startsWith("57P")) {
            return UNREACHABLE;
        }
        if (state.startsWith("53")
                || state.equals("55P03")
                || state.equals("57014")
                || state.equals("40P01")
                || state.equals("55006")) {
            return BUSY;
        }
        return REFUSED;
    }

    /** The SQL state; empty if there is none. */
    static String sqlState(Exception e) {
        String state = e instanceof SQLException sql ? sql.getSQLState() : null;
        return state == null ? "" : state;
    }
}
