package io.webhookdb.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.cli.api.Reply;
import io.webhookdb.cli.output.TextTable.Cell;
import io.webhookdb.cli.terminal.Colour;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Result of a query: {@code headers}, {@code rows}, and whether the server cut it. */
public final class RowsView implements View {
    private static final String NULL = "<null>";
    private final List<String> headers = new ArrayList<>();
    private final List<JsonNode> rows = new ArrayList<>();
    private final boolean truncated;

    private RowsView(Reply reply) {
        ObjectNode result = reply.object();
        for (JsonNode header : elements(reply, result, "headers")) {
            headers.add(header.asText());
        }
        for (JsonNode row : elements(reply, result, "rows")) {
            if (!row.isArray() || row.size() != headers.size()) {
                throw reply.unusable("`rows` with as many cells as `headers`");
            }
            rows.add(row);
        }
        truncated = result.path("max_rows_reached").asBoolean();
    }

    /** Reads the result of a query; null for headers or rows counts as none. */
    public static RowsView of(Reply reply) {
        return new RowsView(reply);
    }

    private static JsonNode elements(Reply reply, ObjectNode result, String field) {
        JsonNode value = result.path(field);
        if (value.isArray() || value.isNull()) {
            return value;
        }
        throw reply.unusable("`" + field + "` (a list)");
    }

    @Override
    public String table(Colour colour) {
        if (headers.isEmpty()) {
            return "";
        }
        List<List<Cell>> cells = new ArrayList<>();
        cells.add(headers.stream().map(header -> head(header, colour)).toList());
        for (JsonNode row : rows) {
            List<Cell> line = new ArrayList<>();
            row.forEach(value -> line.add(cell(value, colour)));
            cells.add(line);
        }
        return new TextTable(cells).bordered();
    }

    private static Cell head(String header, Colour colour) {
        String text = Printable.text(header).replace('_', ' ').toUpperCase(Locale.ROOT);
        return new Cell(text, colour::strong);
    }

    private static Cell cell(JsonNode value, Colour colour) {
        return value.isNull() ? new Cell(NULL, colour::faint) : Cell.of(Cells.text(value, NULL));
    }

    /** One object per row. Of columns with the same name the second becomes {@code name_2}. */
    @Override
    public JsonNode json() {
        List<String> names = distinct();
        ArrayNode objects = JsonNodeFactory.instance.arrayNode();
        for (JsonNode row : rows) {
            ObjectNode object = objects.addObject();
            for (int i = 0; i < names.size(); i++) {
                object.set(names.get(i), row.get(i));
            }
        }
        return objects;
    }

    private List<String> distinct() {
        Set<String> names = new LinkedHashSet<>();
        for (String header : headers) {
            String name = header;
            for (int n = 2; !names.add(name); n++) {
                name = header + "_" + n;
            }
        }
        return List.copyOf(names);
    }

    @Override
    public List<List<String>> csv() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(headers);
        for (JsonNode row : rows) {
            List<String> line = new ArrayList<>();
            row.forEach(value -> line.add(Cells.plainOrNull(value)));
            lines.add(line);
        }
        return lines;
    }

    @Override
    public String notice() {
        return truncated ? "Results have been truncated to %d rows.".formatted(rows.size()) : "";
    }
}
