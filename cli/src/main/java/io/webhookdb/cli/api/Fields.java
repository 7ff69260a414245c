package io.webhookdb.cli.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Body of a request, field by field. What was not given is sent blank or left out, as named. */
public final class Fields {
    private final ObjectNode json = Json.object();

    private Fields() {}

    /** A body without fields: {@code {}}. */
    public static Fields none() {
        return new Fields();
    }

    /** Text; blank if not given, which the server takes as "ask". */
    public Fields text(String name, String value) {
        json.put(name, value == null ? "" : value);
        return this;
    }

    /** Text; left out if not given. */
    public Fields textIfGiven(String name, String value) {
        return value == null ? this : text(name, value);
    }

    /** Several texts; an empty list if there are none. */
    public Fields texts(String name, List<String> values) {
        ArrayNode array = json.putArray(name);
        values.forEach(array::add);
        return this;
    }

    /** Texts by name; left out if there are none. */
    public Fields textsIfGiven(String name, Map<String, String> values) {
        if (!values.isEmpty()) {
            ObjectNode object = json.putObject(name);
            values.forEach(object::put);
        }
        return this;
    }

    /** A whole number; left out if not given. */
    public Fields numberIfGiven(String name, Integer value) {
        if (value != null) {
            json.put(name, value);
        }
        return this;
    }

    /** Texts; left out if not given, an empty list if the only one is blank. */
    public Fields textsIfGiven(String name, List<String> values) {
        if (values != null) {
            ArrayNode array = json.putArray(name);
            values.stream().filter(value -> !value.isBlank()).forEach(array::add);
        }
        return this;
    }

    /** An object of its own; left out if it has no fields. */
    public Fields objectIfGiven(String name, Fields value) {
        if (!value.json.isEmpty()) {
            json.set(name, value.json);
        }
        return this;
    }

    /** A flag; false if not given. */
    public Fields flag(String name, boolean value) {
        json.put(name, value);
        return this;
    }

    ObjectNode json() {
        return json;
    }
}
