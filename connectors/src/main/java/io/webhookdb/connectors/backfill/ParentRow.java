package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A row that a listing is fanned out over.
 *
 * @param key its remote key
 * @param values what requests and items need of it, by JSON Pointer
 * @param watermarkMicros what of its items is had already, microseconds since the epoch; null: that
 *     is told by the run, or nothing is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ParentRow(String key, Map<String, JsonNode> values, Long watermarkMicros) {
    /** Where the sealed credential of its owner is among the values; no JSON Pointer. */
    private static final String TOKEN = "token";

    ParentRow(String key, Map<String, JsonNode> values) {
        this(key, values, null);
    }

    /** The same with a watermark of its own. */
    ParentRow since(Long micros) {
        return new ParentRow(key, values, micros);
    }

    /** The same without one value. */
    ParentRow without(String pointer) {
        Map<String, JsonNode> others = new LinkedHashMap<>(values);
        others.put(pointer, NullNode.getInstance());
        return new ParentRow(key, others, watermarkMicros);
    }

    /** The same with the sealed credential of its owner; null: it has none. */
    ParentRow withToken(String sealed) {
        if (sealed == null) {
            return this;
        }
        Map<String, JsonNode> more = new LinkedHashMap<>(values);
        more.put(TOKEN, TextNode.valueOf(sealed));
        return new ParentRow(key, more, watermarkMicros);
    }

    /** Whether the sealed credential of its owner is known. */
    boolean hasToken() {
        return !token().isEmpty();
    }

    /** The sealed credential of its owner; empty if there is none. */
    String token() {
        return text(TOKEN);
    }

    /** Text of the value at that pointer; empty if there is none. */
    String text(String pointer) {
        JsonNode value = values.get(pointer);
        return value == null || value.isNull() ? "" : value.asText();
    }
}
