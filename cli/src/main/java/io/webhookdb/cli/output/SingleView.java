package io.webhookdb.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.cli.api.Reply;
import io.webhookdb.cli.output.TextTable.Cell;
import io.webhookdb.cli.terminal.Colour;
import java.util.ArrayList;
import java.util.List;

/** One object, a line for each of its {@code display_headers} it has a field for. */
public final class SingleView implements View {
    private final ObjectNode object;
    private final List<Headers> headers;

    private SingleView(ObjectNode object, List<Headers> headers) {
        this.object = object;
        this.headers = headers;
    }

    /** Reads an answer that is one object. */
    public static SingleView of(Reply reply) {
        ObjectNode object = reply.object();
        List<Headers> present =
                Headers.of(reply, List.of(object)).stream()
                        .filter(h -> object.has(h.key()))
                        .toList();
        return new SingleView(object, present);
    }

    @Override
    public String table(Colour colour) {
        if (headers.isEmpty()) {
            return "";
        }
        List<List<Cell>> rows = new ArrayList<>();
        for (Headers header : headers) {
            rows.add(
                    List.of(
                            new Cell(Printable.text(header.title()), colour::strong),
                            Cell.of(Cells.text(object.get(header.key()), "-"))));
        }
        return new TextTable(rows).plain();
    }

    @Override
    public JsonNode json() {
        return object.deepCopy().without("display_headers");
    }

    @Override
    public List<List<String>> csv() {
        List<String> values = new ArrayList<>();
        headers.forEach(h -> values.add(Cells.plainOrNull(object.get(h.key()))));
        return headers.isEmpty()
                ? List.of()
                : List.of(headers.stream().map(Headers::title).toList(), values);
    }
}
