package io.webhookdb.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A plot of named values as bars, with a line where each value spread. */
final class Bars {
    private static final int WIDTH = 640;
    private static final int LEFT = 220;
    private static final int STEP = 34;

    private record Bar(String name, double value, double least, double most) {}

    private final String title;
    private final List<Bar> bars = new ArrayList<>();

    Bars(String title) {
        this.title = title;
    }

    Bars add(String name, Samples samples) {
        bars.add(new Bar(name, samples.median(), samples.quantile(0), samples.quantile(1)));
        return this;
    }

    String svg() {
        double most = bars.stream().mapToDouble(Bar::most).max().orElse(1);
        double scale = (WIDTH - LEFT - 110) / most;
        int height = 50 + STEP * bars.size();
        StringBuilder svg = new StringBuilder();
        svg.append(
                format(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                                + " font-family=\"sans-serif\" font-size=\"13\">\n",
                        WIDTH, height));
        svg.append(format("<text x=\"10\" y=\"24\" font-size=\"15\">%s</text>\n", title));
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            int y = 44 + STEP * i;
            svg.append(format("<text x=\"10\" y=\"%d\">%s</text>\n", y + 15, bar.name()));
            svg.append(
                    format(
                            "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"20\""
                                    + " fill=\"#4878a8\"/>\n",
                            LEFT, y, bar.value() * scale));
            svg.append(
                    format(
                            "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#222\"/>\n",
                            LEFT + bar.least() * scale, y + 10, LEFT + bar.most() * scale, y + 10));
            svg.append(
                    format(
                            "<text x=\"%.1f\" y=\"%d\">%,.2f</text>\n",
                            LEFT + bar.most() * scale + 6, y + 15, bar.value()));
        }
        return svg.append("</svg>\n").toString();
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
