package io.webhookdb.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.webhookdb.cli.api.Reply;
import io.webhookdb.cli.terminal.Colour;
import java.util.ArrayList;
import java.util.List;

/** A list of names, one a line. */
public final class NamesView implements View {
    private final String field;
    private final ArrayNode names;

    private NamesView(String field, ArrayNode names) {
        this.field = field;
        this.names = names;
    }

    /**
     * Reads the names in {@code field}.
     *
     * @throws io.webhookdb.cli.CliFailure if it is no list
     */
    public static NamesView of(Reply reply, String field) {
        if (reply.object().path(field) instanceof ArrayNode names) {
            return new NamesView(field, names);
        }
        throw reply.unusable("`" + field + "` (a list)");
    }

    @Override
    public String table(Colour colour) {
        StringBuilder text = new StringBuilder();
        names.forEach(name -> text.append(Cells.text(name, "-")).append('\n'));
        return text.toString();
    }

    @Override
    public JsonNode json() {
        return names;
    }

    @Override
    public List<List<String>> csv() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(field));
        names.forEach(name -> rows.add(List.of(name.asText())));
        return rows;
    }
}
