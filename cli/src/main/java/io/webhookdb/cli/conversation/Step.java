package io.webhookdb.cli.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.cli.api.Json;
import io.webhookdb.cli.terminal.Echo;

/**
 * One turn of a conversation led by the server: a question, or the end.
 *
 * @param output text before the question, or the result at the end
 * @param prompt the question
 * @param echo whether the answer may be seen
 * @param postTo where the answer goes
 * @param parameters what goes along with the answer
 * @param key field of the answer
 * @param state whether something is asked
 * @param errorCode why it ended without success; blank if it did not
 * @param message text for the person, used by login
 * @param extras what login brings
 */
public record Step(
        String output,
        String prompt,
        Echo echo,
        String postTo,
        ObjectNode parameters,
        String key,
        State state,
        String errorCode,
        String message,
        JsonNode extras) {

    /** Where the conversation stands. */
    public enum State {
        ASKING,
        COMPLETE,
        /** Neither a question nor an end: an answer that is no step. */
        NEITHER
    }

    /** Reads a step; whatever is missing is blank. */
    public static Step read(JsonNode json) {
        return new Step(
                text(json, "output"),
                text(json, "prompt"),
                json.path("prompt_is_secret").asBoolean() ? Echo.HIDDEN : Echo.SHOWN,
                text(json, "post_to_url"),
                json.path("post_params") instanceof ObjectNode params ? params : Json.object(),
                json.path("post_params_value_key").asText("value"),
                state(json),
                text(json, "error_code"),
                text(json, "message"),
                json.path("extras"));
    }

    private static String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return value.isTextual() ? value.textValue() : "";
    }

    private static State state(JsonNode json) {
        if (json.path("complete").asBoolean()) {
            return State.COMPLETE;
        }
        return json.path("needs_input").asBoolean() ? State.ASKING : State.NEITHER;
    }

    /** What to post when this is the answer. */
    ObjectNode answered(String answer) {
        return parameters.deepCopy().put(key, answer);
    }

    /** The question as it is put: with a space after its colon. */
    String question() {
        String asked = prompt.strip();
        return asked.isEmpty() ? key + ": " : asked + " ";
    }
}
