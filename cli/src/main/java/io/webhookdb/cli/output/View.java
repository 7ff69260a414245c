package io.webhookdb.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.cli.terminal.Colour;
import java.util.List;

/** One kind of answer in each of its forms. Texts end with a newline, or are blank for nothing. */
public interface View {
    /** For people. */
    String table(Colour colour);

    /** For programs. */
    JsonNode json();

    /** Lines of values, titles first; null for an absent value. */
    List<List<String>> csv();

    /** What is to be known beside the values, whatever the form; blank for nothing. */
    default String notice() {
        return "";
    }
}
