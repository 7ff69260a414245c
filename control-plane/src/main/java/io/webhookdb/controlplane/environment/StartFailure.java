package io.webhookdb.controlplane.environment;

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
        if (DatabaseAway.isCauseOf(failure)) {
            return AWAY;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException || cause instanceof RetriableException) {
                return AWAY;
            }
        }
        return CONFIGURATION;
    }
}
