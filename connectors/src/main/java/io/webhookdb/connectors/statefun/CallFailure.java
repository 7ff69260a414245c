package io.webhookdb.connectors.statefun;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/**
 * Why a call brought no result.
 *
 * @param kind whose fault it is
 * @param message for a person; no payload
 */
record CallFailure(Kind kind, String message) {

    /** What to do about it. */
    enum Kind {
        /** The endpoint is not there or too busy: nothing else of its lane is called meanwhile. */
        UNREACHABLE,
        /**
         * No answer in time. As {@link #UNREACHABLE} for endpoints; in process it is the function.
         */
        LATE,
        /** The function, or what it answers, is at fault. This message may be the reason. */
        FUNCTION
    }

    /** A failure that an endpoint or a function caused. */
    static final class CallException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final Kind kind;

        CallException(Kind kind, String message) {
            super(message);
            this.kind = kind;
        }

        Kind kind() {
            return kind;
        }
    }

    /** Classifies what a call ended with. */
    static CallFailure of(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof CallException known) {
            return new CallFailure(known.kind(), known.getMessage());
        }
        if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
            return new CallFailure(Kind.LATE, "No answer in time");
        }
        if (cause instanceof IOException) {
            return new CallFailure(Kind.UNREACHABLE, cause.getClass().getSimpleName());
        }
        // The message of an exception of a function may hold what the function was given.
        return new CallFailure(Kind.FUNCTION, "Function threw " + cause.getClass().getName());
    }
}
