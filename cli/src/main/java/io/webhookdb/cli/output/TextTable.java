package io.webhookdb.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Lays cells out in columns. A cell may have several lines. */
final class TextTable {
    /** A cell and how it is coloured; colour takes no width. */
    record Cell(String text, UnaryOperator<String> colour) {
        static Cell of(String text) {
            return new Cell(text, UnaryOperator.identity());
        }

        List<String> lines() {
            return List.of(text.replace("\t", "    ").split("\n", -1));
        }
    }

    private final List<List<Cell>> rows;
    private final int[] widths;

    /** The first row is the header; all rows have its length. */
    TextTable(List<List<Cell>> rows) {
        this.rows = rows;
        this.widths = new int[rows.get(0).size()];
        for (List<Cell> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                for (String line : row.get(i).lines()) {
                    widths[i] = Math.max(widths[i], TextWidth.of(line));
                }
            }
        }
    }

    /** Columns two blanks apart, no lines. */
    String plain() {
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> row(text, row, "", "  ", ""));
        return text.toString();
    }

    /** Every cell in its box. */
    String bordered() {
        StringBuilder text = new StringBuilder();
        rule(text);
        row(text, rows.get(0), "| ", " | ", " |");
        rule(text);
        rows.subList(1, rows.size()).forEach(row -> row(text, row, "| ", " | ", " |"));
        if (rows.size() > 1) {
            rule(text);
        }
        return text.toString();
    }

    private void rule(StringBuilder text) {
        text.append('+');
        for (int width : widths) {
            text.append("-".repeat(width + 2)).append('+');
        }
        text.append('\n');
    }

    private void row(StringBuilder text, List<Cell> row, String start, String between, String end) {
        int height = row.stream().mapToInt(cell -> cell.lines().size()).max().orElse(1);
        for (int line = 0; line < height; line++) {
            List<String> padded = new ArrayList<>();
            for (int i = 0; i < widths.length; i++) {
                Cell cell = row.get(i);
                List<String> lines = cell.lines();
                String content = line < lines.size() ? lines.get(line) : "";
                String blanks = " ".repeat(widths[i] - TextWidth.of(content));
                padded.add(content.isEmpty() ? blanks : cell.colour().apply(content) + blanks);
            }
            String joined = start + String.join(between, padded) + end;
            text.append(end.isEmpty() ? joined.stripTrailing() : joined).append('\n');
        }
    }
}
