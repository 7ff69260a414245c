package io.webhookdb.cli.output;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Comma-separated lines (RFC 4180, but with plain newlines). Null is nothing at all and blank text
 * is {@code ""}, as in Postgres, so that the two can be told apart and loaded back.
 */
final class Csv {
    private Csv() {}

    static String lines(List<List<String>> rows) {
        return rows.stream().map(Csv::line).collect(Collectors.joining());
    }

    private static String line(List<String> values) {
        return values.stream().map(Csv::value).collect(Collectors.joining(",", "", "\n"));
    }

    private static String value(String value) {
        if (value == null) {
            return "";
        }
        boolean plain =
                !value.isEmpty()
                        && value.chars()
                                .noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r')
                        && value.equals(value.strip());
        return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
    }
}
