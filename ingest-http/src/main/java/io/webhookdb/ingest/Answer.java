package io.webhookdb.ingest;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.webhookdb.schemas.catalog.Reply;
import io.webhookdb.security.signature.Handshakes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * A response.
 *
 * @param status HTTP status
 * @param headers response headers, Content-Type included
 * @param body bytes of the body
 */
record Answer(int status, Map<String, String> headers, Buffer body) {
    private static final String JSON = "application/json";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    static final Answer HEALTHY = of(200, JSON, "{\"o\":\"k\"}");
    static final Answer NO_SUCH_PATH = error(404, "not_found", "Not Found");
    static final Answer UNKNOWN_INTEGRATION =
            error(400, "not_found", "No integration with that id");
    static final Answer UNSEALABLE =
            error(
                    400,
                    "invalid_input",
                    "The body is no JSON object or array, so what is secret in it cannot be"
                            + " sealed");
    static final Answer UNREADABLE =
            error(400, "invalid_input", "The body is not gzip, as its Content-Encoding says");
    static final Answer NOT_PUSHED =
            error(400, "invalid_input", "This integration does not take webhooks");
    static final Answer BOT =
            of(
                    403,
                    "text/plain",
                    "Bots may not call webhooks. Add ?skipbotcheck=1 if you are none.");
    static final Answer OVERLOADED = unavailable("Too many requests in progress");
    static final Answer UNDECIDED = unavailable("It is not known yet whether that id exists");
    static final Answer UNUSABLE = unavailable("This integration cannot be served at the moment");
    static final Answer UNSTORED = unavailable("The request could not be stored");

    static final Answer SPOOL_FULL =
            unavailable("The request could not be stored and the spool is full");

    static final Answer NO_KEY =
            unavailable("The vendor's certificate cannot be fetched at the moment");

    static Answer of(int status, String contentType, String body) {
        return new Answer(status, Map.of("Content-Type", contentType), Buffer.buffer(body));
    }

    /** What a handshake wants. */
    static Answer handshake(Handshakes.Reply reply) {
        Answer answer = of(200, reply.contentType(), reply.body());
        for (Map.Entry<String, String> header : reply.headers().entrySet()) {
            answer = answer.with(header.getKey(), header.getValue());
        }
        return answer;
    }

    /** What the service's definition answers to an accepted request. */
    static Answer reply(Reply reply, int status) {
        return of(status, reply.contentType(), reply.body());
    }

    /** Refused for lack of proof: the sentence is in the body and in a header. */
    static Answer rejected(int status, String message) {
        return of(status, JSON, new JsonObject().put("message", message).encode())
                .with("Whdb-Rejected-Reason", message);
    }

    static Answer tooLarge(int limitBytes) {
        return error(413, null, "The body is larger than " + limitBytes + " bytes");
    }

    static Answer rateLimited(Duration wait) {
        return error(429, null, "Too many requests for this organization").retryAfter(wait);
    }

    static Answer methodNotAllowed(String allowed) {
        return error(405, null, "Method not allowed. Allowed: " + allowed).with("Allow", allowed);
    }

    private static Answer unavailable(String message) {
        return error(503, null, message).retryAfter(RETRY_AFTER);
    }

    /** The error envelope of the HTTP contract. */
    private static Answer error(int status, String code, String message) {
        JsonObject error = new JsonObject().put("message", message).put("status", status);
        if (code != null) {
            error.put("code", code);
        }
        return of(status, JSON, new JsonObject().put("error", error).encode());
    }

    /** Whole seconds, rounded up. */
    private Answer retryAfter(Duration wait) {
        return with("Retry-After", Long.toString(wait.plusNanos(999_999_999).toSeconds()));
    }

    private Answer with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new Answer(status, more, body);
    }

    /** Tells the client that the connection ends with this answer. */
    Answer closing() {
        return with("Connection", "close");
    }

    /** Completes when it is written. */
    Future<Void> send(HttpServerResponse response) {
        response.setStatusCode(status);
        headers.forEach(response::putHeader);
        return response.end(body);
    }
}
