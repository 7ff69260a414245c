package io.webhookdb.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.cli.CliFailure;

/** Words for an answer that is no success. */
public final class Refusal {
    private static final int UNAUTHENTICATED = 401;

    private Refusal() {}

    /** The failure to raise for {@code reply}, which did not succeed. */
    public static CliFailure of(Reply reply) {
        JsonNode error = reply.error();
        String message = error.path("message").asText("").strip();
        if (reply.status() == UNAUTHENTICATED || error.path("status").asInt() == UNAUTHENTICATED) {
            if (message.contains("auth login")) {
                return CliFailure.api(message);
            }
            return CliFailure.api(
                    "You are not logged in"
                            + (message.isEmpty() ? "" : " (the server says: " + message + ")")
                            + ". Use `webhookdb auth login`.");
        }
        if (reply.status() < 400) {
            return CliFailure.api(
                    reply.route()
                            + " was redirected ("
                            + reply.status()
                            + "); the API never redirects. Set WEBHOOKDB_API_HOST to the final"
                            + " address.");
        }
        return CliFailure.api(message.isEmpty() ? wordless(reply) : message + reference(error));
    }

    private static String wordless(Reply reply) {
        return "The API could not do this: "
                + reply.route()
                + " answered "
                + reply.status()
                + " without a message. Try again; if it stays, look into the server's log.";
    }

    private static String reference(JsonNode error) {
        String id = error.path("error_id").asText("");
        return id.isEmpty() ? "" : " (error id " + id + ")";
    }
}
