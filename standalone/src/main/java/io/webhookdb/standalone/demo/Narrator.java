package io.webhookdb.standalone.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Tells the reader what happens: headings, lines, a progress bar, tables. */
final class Narrator {
    private static final int BAR = 40;
    private static final int WIDEST_CELL = 44;

    private final PrintStream out;
    private int step;

    Narrator(PrintStream out) {
        this.out = out;
    }

    void step(String what) {
        out.printf("%n%d. %s%n", ++step, what);
    }

    void line(String text) {
        out.println("   " + text);
    }

    /** Redraws the bar in place on a terminal; elsewhere only says when it is done. */
    void progress(int done, int total) {
        if (System.console() == null && done < total) {
            return;
        }
        int filled = BAR * done / total;
        out.printf(
                "\r   [%s%s] %d/%d%s",
                "#".repeat(filled),
                ".".repeat(BAR - filled),
                done,
                total,
                done == total ? "\n" : "");
        out.flush();
    }

    void table(List<String> headers, List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>();
        all.add(headers);
        all.addAll(rows);
        int[] widths = new int[headers.size()];
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], Math.min(WIDEST_CELL, row.get(i).length()));
            }
        }
        for (int r = 0; r < all.size(); r++) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = all.get(r).get(i);
                String cut =
                        cell.length() > WIDEST_CELL
                                ? cell.substring(0, WIDEST_CELL - 1) + "…"
                                : cell;
                line.append(cut).append(" ".repeat(widths[i] - cut.length() + 2));
            }
            line(line.toString().stripTrailing());
            if (r == 0) {
                line("-".repeat(java.util.Arrays.stream(widths).sum() + 2 * (widths.length - 1)));
            }
        }
    }
}
