package io.webhookdb.cli.output;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Form of an answer on standard output. */
public enum Format {
    /** Columns for people. */
    TABLE,
    /** JSON for programs; messages go to standard error. */
    JSON,
    /** Comma-separated values; messages go to standard error. */
    CSV,
    /** The body of the answer as received. */
    RAW;

    /** As written on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a word, upper or lower case.
     *
     * @throws IllegalArgumentException with the words allowed
     */
    public static Format parse(String word) {
        return Arrays.stream(values())
                .filter(format -> format.word().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "\"%s\" is no format; expected one of %s"
                                                .formatted(word, words())));
    }

    private static String words() {
        return Arrays.stream(values()).map(Format::word).collect(Collectors.joining(", "));
    }
}
