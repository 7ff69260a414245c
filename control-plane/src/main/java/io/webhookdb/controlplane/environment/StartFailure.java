package io.webhookdb.controlplane.environment;

import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.RetriableException;

/** Why a part could not be started. */
enum StartFailure {
    /** Something it needs does not answer, or not yet: trying again helps. */
    AWAY,
    /** What it was told is wrong or missing: somebody has to act. */
    CONFIGURATION;

    /** Looks at the failure and at what caused it. */
    static StartFailure of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException
                    || cause instanceof RetriableException
                    || (cause instanceof SQLException sql && isAway(sql.getSQLState()))) {
                return AWAY;
            }
        }
        return CONFIGURATION;
    }

    /** No connection, a server that starts or stops, no room for another connection. */
    private static boolean isAway(String state) {
        return state != null
                && (state.startsWith("08") || state.startsWith("57P") || state.startsWith("53"));
    }
}
