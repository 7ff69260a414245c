package io.webhookdb.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.webhookdb.cli.api.Reply;
import io.webhookdb.cli.output.TextTable.Cell;
import io.webhookdb.cli.terminal.Colour;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** Lines and tables in the order the server gives them; kinds it does not know are left out. */
public final class BlocksView implements View {
    private final ArrayNode blocks;

    private BlocksView(ArrayNode blocks) {
        this.blocks = blocks;
    }

    /**
     * Reads a block answer.
     *
     * @throws io.webhookdb.cli.CliFailure if there are no {@code blocks}
     */
    public static BlocksView of(Reply reply) {
        if (reply.object().path("blocks") instanceof ArrayNode blocks) {
            return new BlocksView(blocks);
        }
        throw reply.unusable("`blocks` (a list)");
    }

    @Override
    public String table(Colour colour) {
        StringBuilder text = new StringBuilder();
        for (JsonNode block : blocks) {
            JsonNode value = block.path("value");
            switch (block.path("type").asText()) {
                case "line" -> text.append(Cells.text(value, "")).append('\n');
                case "table" -> text.append(table(value, colour));
                default -> {}
            }
        }
        return text.toString();
    }

    private static String table(JsonNode value, Colour colour) {
        JsonNode headers = value.path("headers");
        if (headers.isEmpty()) {
            return "";
        }
        List<List<Cell>> rows = new ArrayList<>();
        rows.add(
                stream(headers)
                        .map(header -> new Cell(Cells.text(header, ""), colour::strong))
                        .toList());
        for (JsonNode row : value.path("rows")) {
            List<Cell> cells = new ArrayList<>();
            for (int i = 0; i < headers.size(); i++) {
                cells.add(Cell.of(Cells.text(row.path(i), "-")));
            }
            rows.add(cells);
        }
        return new TextTable(rows).plain();
    }

    @Override
    public JsonNode json() {
        return blocks;
    }

    /** The tables; where there is none, the lines. */
    @Override
    public List<List<String>> csv() {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode block : blocks) {
            if ("table".equals(block.path("type").asText())) {
                rows.add(values(block.path("value").path("headers")));
                block.path("value").path("rows").forEach(row -> rows.add(values(row)));
            }
        }
        return rows.isEmpty()
                ? stream(blocks).map(line -> values(List.of(line.path("value")))).toList()
                : rows;
    }

    private static List<String> values(Iterable<JsonNode> cells) {
        List<String> values = new ArrayList<>();
        cells.forEach(cell -> values.add(Cells.plainOrNull(cell)));
        return values;
    }

    private static java.util.stream.Stream<JsonNode> stream(JsonNode elements) {
        return StreamSupport.stream(elements.spliterator(), false);
    }
}
