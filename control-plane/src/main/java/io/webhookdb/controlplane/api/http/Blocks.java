package io.webhookdb.controlplane.api.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Lines and tables of text. */
public final class Blocks {
    private final List<Block> blocks = new ArrayList<>();

    /** One line; empty for a blank one. */
    public Blocks line(String text) {
        blocks.add(new Block("line", text));
        return this;
    }

    /** A table of text cells. */
    public Blocks table(List<String> headers, List<List<String>> rows) {
        blocks.add(new Block("table", new Table(headers, rows)));
        return this;
    }

    /** One row of a table; null cells are blank. */
    public static List<String> row(String... cells) {
        return Arrays.asList(cells);
    }

    /** The answer's body. */
    public Body body() {
        return new Body(List.copyOf(blocks));
    }

    /** The answer's body. */
    public record Body(List<Block> blocks) {}

    /** One line or table. */
    public record Block(String type, Object value) {}

    /** Text cells under headers. */
    public record Table(List<String> headers, List<List<String>> rows) {}
}
