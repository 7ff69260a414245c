package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.List;

/** What a JSON Schema has against a file, in the words of the other messages. */
final class SchemaMessages {
    private SchemaMessages() {}

    /** Value found, what was expected, what is allowed; without the place. */
    static String of(ValidationMessage message, JsonNode tree, JsonNode schema) {
        JsonNode node = tree.at(message.getInstanceLocation().toString());
        String found = node.isValueNode() ? "found \"" + node.asText() + "\"; " : "";
        return switch (message.getType()) {
            case "enum" -> found + "allowed: " + words(message.getSchemaNode()) + ".";
            case "additionalProperties" ->
                    "there is no key \""
                            + message.getProperty()
                            + "\"; allowed: "
                            + allowedKeys(message, schema)
                            + ".";
            case "required" -> "\"" + message.getProperty() + "\" is missing.";
            case "pattern" ->
                    found
                            + (isPointer(message.getSchemaNode().asText())
                                    ? "expected a JSON Pointer such as /id or /customer/name."
                                    : "must match " + message.getSchemaNode().asText() + ".");
            default -> found + withoutPlace(message);
        };
    }

    private static boolean isPointer(String pattern) {
        return pattern.contains("~0|~1");
    }

    private static String words(JsonNode allowed) {
        List<String> words = new ArrayList<>();
        allowed.forEach(word -> words.add(word.asText()));
        return String.join(", ", words);
    }

    /** The neighbours of the keyword that refused the key. */
    private static String allowedKeys(ValidationMessage message, JsonNode schema) {
        String keyword = message.getSchemaLocation().getFragment().toString();
        JsonNode properties =
                schema.at(keyword.substring(0, keyword.lastIndexOf('/'))).path("properties");
        List<String> keys = new ArrayList<>();
        properties.fieldNames().forEachRemaining(keys::add);
        return String.join(", ", keys);
    }

    private static String withoutPlace(ValidationMessage message) {
        String text = message.getMessage();
        String place = message.getInstanceLocation() + ": ";
        return (text.startsWith(place) ? text.substring(place.length()) : text) + ".";
    }
}
