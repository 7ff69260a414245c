package io.webhookdb.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.cli.api.Reply;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which fields are shown under which title.
 *
 * @param key field of the object
 * @param title as the server words it
 */
record Headers(String key, String title) {
    private static final Set<String> NOT_VALUES = Set.of("message", "display_headers", "object");

    /** The server's {@code display_headers}; without them, every field under its own name. */
    static List<Headers> of(Reply reply, Iterable<? extends JsonNode> objects) {
        JsonNode given = reply.object().path("display_headers");
        List<Headers> headers = new ArrayList<>();
        for (JsonNode pair : given) {
            if (!pair.path(0).isTextual() || !pair.path(1).isTextual()) {
                throw reply.unusable("`display_headers` of [key, title] pairs");
            }
            headers.add(new Headers(pair.path(0).textValue(), pair.path(1).textValue()));
        }
        return headers.isEmpty() ? ownNames(objects) : headers;
    }

    private static List<Headers> ownNames(Iterable<? extends JsonNode> objects) {
        Set<String> names = new LinkedHashSet<>();
        for (JsonNode object : objects) {
            if (object instanceof ObjectNode fields) {
                fields.fieldNames().forEachRemaining(names::add);
            }
        }
        names.removeAll(NOT_VALUES);
        return names.stream().map(name -> new Headers(name, name)).toList();
    }

    /** A title as the head of a column: {@code associated_id} becomes {@code ASSOCIATED ID}. */
    static String columnHead(String title) {
        return title.replace('_', ' ').replace('.', ' ').toUpperCase(Locale.ROOT);
    }
}
