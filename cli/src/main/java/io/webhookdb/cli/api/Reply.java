package io.webhookdb.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.cli.CliFailure;
import java.util.Optional;

/**
 * What the API answered.
 *
 * @param route method and path asked, for messages
 * @param status HTTP status
 * @param contentType as sent; blank if none
 * @param token session token of header {@code Whdb-Auth-Token}, without cookie attributes
 * @param text the body as received
 * @param json the body read as JSON; missing if it is none
 */
public record Reply(
        String route,
        int status,
        String contentType,
        Optional<String> token,
        String text,
        JsonNode json) {

    /** Whether the API did what it was asked, or asks the next question of an onboarding. */
    public boolean succeeded() {
        return status >= 200 && status < 300;
    }

    /** The error object of a refusal; missing if there is none. */
    public JsonNode error() {
        JsonNode error = succeeded() ? MissingNode.getInstance() : json.path("error");
        return error.isObject() ? error : MissingNode.getInstance();
    }

    /** The message for the person; blank if none. */
    public String message() {
        return json.path("message").asText("");
    }

    /**
     * The body as an object.
     *
     * @throws CliFailure if it is something else
     */
    public ObjectNode object() {
        if (json instanceof ObjectNode object) {
            return object;
        }
        throw unusable("a JSON object");
    }

    /**
     * A text field of the body.
     *
     * @throws CliFailure if it is missing or no text
     */
    public String text(String field) {
        JsonNode value = object().path(field);
        if (value.isTextual()) {
            return value.textValue();
        }
        throw unusable("`" + field + "` (text)");
    }

    /** The failure to raise when something expected is not there. Never quotes the body. */
    public CliFailure unusable(String expected) {
        String what =
                text.isEmpty()
                        ? "no body"
                        : json.isMissingNode()
                                ? "something that is no JSON"
                                        + (contentType.isBlank() ? "" : " (" + contentType + ")")
                                : "JSON without it";
        return CliFailure.api(
                "%s answered %d with %s; expected %s. Is WEBHOOKDB_API_HOST the address of a WebhookDB API?"
                        .formatted(route, status, what, expected));
    }
}
