package io.webhookdb.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.webhookdb.cli.api.Reply;
import io.webhookdb.cli.output.TextTable.Cell;
import io.webhookdb.cli.terminal.Colour;
import java.util.ArrayList;
import java.util.List;

/** A list of objects: {@code items} under {@code display_headers}. */
public final class ListView implements View {
    private final ArrayNode items;
    private final List<Headers> headers;

    private ListView(ArrayNode items, List<Headers> headers) {
        this.items = items;
        this.headers = headers;
    }

    /**
     * Reads a list answer.
     *
     * @throws io.webhookdb.cli.CliFailure if there are no {@code items}
     */
    public static ListView of(Reply reply) {
        if (reply.object().path("items") instanceof ArrayNode items) {
            return new ListView(items, Headers.of(reply, items));
        }
        throw reply.unusable("`items` (a list)");
    }

    @Override
    public String table(Colour colour) {
        if (items.isEmpty()) {
            return "";
        }
        List<List<Cell>> rows = new ArrayList<>();
        rows.add(
                headers.stream()
                        .map(
                                h ->
                                        new Cell(
                                                Headers.columnHead(Printable.text(h.title())),
                                                colour::strong))
                        .toList());
        for (JsonNode item : items) {
            rows.add(
                    headers.stream()
                            .map(h -> Cell.of(Cells.text(item.get(h.key()), "-")))
                            .toList());
        }
        return new TextTable(rows).plain();
    }

    @Override
    public JsonNode json() {
        return items;
    }

    @Override
    public List<List<String>> csv() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(headers.stream().map(Headers::title).toList());
        for (JsonNode item : items) {
            List<String> row = new ArrayList<>();
            headers.forEach(h -> row.add(Cells.plainOrNull(item.get(h.key()))));
            rows.add(row);
        }
        return rows;
    }
}
