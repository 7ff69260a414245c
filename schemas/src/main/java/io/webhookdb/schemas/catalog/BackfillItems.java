package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * Where the items of an answer are.
 *
 * @param format how the answer is written; null is {@link Format#JSON}
 * @param pointer JSON Pointer to the array of items; empty: the answer is the array
 * @param within JSON Pointer, in each of them, to an array of the items meant; null: they are meant
 * @param inject values of the row fanned out over, or of the pass, that are written into every item
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackfillItems(Format format, String pointer, String within, List<Injection> inject) {

    /** A JSON array. */
    public static final BackfillItems BODY = new BackfillItems(Format.JSON, "", null, null);

    public BackfillItems {
        format = format == null ? Format.JSON : format;
        pointer = pointer == null ? "" : pointer;
        inject = inject == null ? List.of() : List.copyOf(inject);
    }

    /** How answers are written. */
    public enum Format {
        JSON,
        /**
         * An Atom feed (RFC 4287). Each {@code entry} becomes an object: {@code link} and {@code
         * category} an object of their attributes plus {@code text}; {@code content} one plus
         * {@code value}, the inner XML; every other element its text. Names keep their prefix
         * ({@code georss:point}); of repeated elements the last counts. The items are the entries.
         */
        ATOM,
        /**
         * An iCalendar object (RFC 5545). Each event becomes an object of its properties ({@code
         * DTSTART: {v: 20260301T090000, TZID: Europe/Paris}}) and of what they mean, in lower case
         * ({@code start_at}). A recurring event becomes one per occurrence, five years ahead.
         */
        ICALENDAR,
        /**
         * A price list of AWS (offer file, version 1): one object per rate of every term of every
         * product.
         */
        AWS_PRICES
    }

    /**
     * A value written into every item: exactly one of the two.
     *
     * @param member name in the item
     * @param parent JSON Pointer into {@code data} of the row
     * @param pass name of a parameter of the pass; one that is named so is no query parameter
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Injection(String member, String parent, String pass) {}
}
