package io.webhookdb.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A result file: title, command, machine, notes and tables, as Markdown. */
final class Report {
    private final StringBuilder text = new StringBuilder();
    private List<String> header = List.of();

    Report(String title, String command, String machine) {
        text.append("# ").append(title).append("\n\n");
        text.append("    ").append(command).append("\n\n");
        text.append(machine).append(".\n");
    }

    Report paragraph(String words) {
        text.append("\n").append(words).append("\n");
        return this;
    }

    Report table(String... columns) {
        header = List.of(columns);
        row(columns);
        List<String> rule = new ArrayList<>();
        header.forEach(column -> rule.add("---"));
        return row(rule.toArray(String[]::new));
    }

    Report row(String... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException(
                    cells.length + " cells, expected " + header.size() + ": " + header);
        }
        if (List.of(cells).equals(header)) {
            text.append("\n");
        }
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
        return this;
    }

    /**
     * Writes {@code NAME.md} and {@code NAME.svg} into the folder, and the former to the screen.
     */
    void write(Path folder, String name, String plot) throws IOException {
        save(folder, name, plot);
        System.out.println(text);
    }

    /** The same without the screen, for what there is so far. */
    void save(Path folder, String name, String plot) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name + ".md"), text + "\n![](" + name + ".svg)\n");
        Files.writeString(folder.resolve(name + ".svg"), plot);
    }
}
