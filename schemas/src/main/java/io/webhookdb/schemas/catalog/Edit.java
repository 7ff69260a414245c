package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;

/**
 * A change to a text before it becomes a column's value: exactly one of the four.
 *
 * @param capture regular expression; its first group, where it is found, is the text; elsewhere the
 *     value does not fit
 * @param replace every match of an expression is replaced
 * @param element one piece of a list written as text
 * @param lookup text to text; what is not in the table stays as it is. For array types it applies
 *     to every element
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Edit(String capture, Replace replace, Element element, Map<String, String> lookup) {
    public Edit {
        lookup = lookup == null ? null : Map.copyOf(lookup);
    }

    /**
     * Replaces all matches.
     *
     * @param pattern regular expression
     * @param with literal text, may be empty
     */
    public record Replace(String pattern, String with) {}

    /**
     * Cuts at a separator and takes one piece; a piece that is not there or blank does not fit.
     *
     * @param separator literal text
     * @param index from 0
     */
    public record Element(String separator, int index) {}
}
