package io.webhookdb.schemas.row;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ColumnType;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes a JSON array in Postgres's array text form. Arrays in columns are short lists of ids or
 * labels.
 */
final class ArrayText {
    private static final JsonMapper MAPPER = new JsonMapper();

    private ArrayText() {}

    /**
     * Text of the array at {@code json[from, to)}.
     *
     * @return empty if it is no array, or one of its elements does not fit the column's type
     */
    static Optional<String> of(Column column, byte[] json, int from, int to) throws IOException {
        JsonNode array = MAPPER.readTree(json, from, to - from);
        if (!array.isArray()) {
            return Optional.empty();
        }
        ColumnType type = column.type().element();
        StringBuilder out = new StringBuilder("{");
        for (JsonNode element : array) {
            JsonNode value = column.pluck() == null ? element : element.at(column.pluck());
            if (out.length() > 1) {
                out.append(',');
            }
            if (value.isNull() || value.isMissingNode()) {
                out.append("NULL");
                continue;
            }
            Optional<String> text = elementText(column, type, value);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            out.append(type == ColumnType.TEXT ? quoted(text.get()) : text.get());
        }
        return Optional.of(out.append('}').toString());
    }

    /** Text of a comma-separated list: pieces trimmed, none for blank text. */
    static String ofCommaSeparated(String text) {
        return text.isBlank()
                ? "{}"
                : Arrays.stream(text.split(",", -1))
                        .map(String::strip)
                        .map(CellText::storable)
                        .map(ArrayText::quoted)
                        .collect(Collectors.joining(",", "{", "}"));
    }

    private static Optional<String> elementText(Column column, ColumnType type, JsonNode value) {
        if (value.isContainerNode()) {
            return type == ColumnType.TEXT
                    ? Optional.of(CellText.storable(value.toString()))
                    : Optional.empty();
        }
        String text = value.asText();
        String found =
                column.edit() == null || column.edit().lookup() == null
                        ? null
                        : column.edit().lookup().get(text);
        return found == null
                ? CellText.of(type, value.asToken(), text)
                : CellText.of(type, JsonToken.VALUE_STRING, found);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
