package io.webhookdb.connectors.backfill;

import java.time.Instant;

/** A page that could not be had. The message may be shown to its owner: no secrets, no payload. */
final class ApiException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ApiFailure failure;
    private final transient Instant retryAt;

    ApiException(ApiFailure failure, String message) {
        this(failure, message, null, null);
    }

    ApiException(ApiFailure failure, String message, Instant retryAt, Throwable cause) {
        super(message, cause);
        this.failure = failure;
        this.retryAt = retryAt;
    }

    ApiFailure failure() {
        return failure;
    }

    /** For {@link ApiFailure#WAIT}: when to ask again; null if the vendor does not say. */
    Instant retryAt() {
        return retryAt;
    }
}
