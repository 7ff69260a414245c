package io.webhookdb.connectors.backfill;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.schemas.status.BackfillProgress.Request;
import java.time.Instant;

/** A page that could not be had. The message may be shown to its owner: no secrets, no payload. */
final class ApiException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MOST_BODY = 1000;

    private final ApiFailure failure;
    private final transient Instant retryAt;
    private transient Request request;

    ApiException(ApiFailure failure, String message) {
        this(failure, message, null, null);
    }

    ApiException(ApiFailure failure, String message, Instant retryAt, Throwable cause) {
        super(message, cause);
        this.failure = failure;
        this.retryAt = retryAt;
    }

    /**
     * The same, with what was asked; what is known already stays.
     *
     * @param answer null: there was none
     */
    ApiException on(ApiRequest asked, ApiAnswer answer) {
        if (request == null) {
            request =
                    new Request(
                            asked.method(),
                            asked.withoutQuery(),
                            answer == null ? 0 : answer.status(),
                            answer == null ? null : start(answer.body()));
        }
        return this;
    }

    private static String start(byte[] body) {
        return new String(body, 0, Math.min(body.length, MOST_BODY), UTF_8);
    }

    /** What was asked; null: nothing, or it is not known. May quote credentials. */
    Request request() {
        return request;
    }

    ApiFailure failure() {
        return failure;
    }

    /** For {@link ApiFailure#WAIT}: when to ask again; null if the vendor does not say. */
    Instant retryAt() {
        return retryAt;
    }
}
