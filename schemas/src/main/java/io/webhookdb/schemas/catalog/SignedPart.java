package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A piece of what a vendor signs: exactly one of the four.
 *
 * @param text fixed text
 * @param header request header, as it is; empty where the request has none
 * @param pointer JSON Pointer into the body, to a scalar; empty where the body has none
 * @param value something of the request
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SignedPart(String text, String header, String pointer, Value value) {

    /** Pieces that are no header. */
    public enum Value {
        /** HTTP method in upper case. */
        METHOD,
        /** The URL as the vendor posts to it. */
        URL,
        /** The same up to its question mark. */
        URL_WITHOUT_QUERY,
        /** The body as received. */
        BODY,
        /**
         * Names and values of a form, sorted by name, nothing between them. For another body, where
         * the query has {@code bodySHA256}, nothing, and the body has to have that digest.
         */
        SORTED_FORM,
        /** CRC-32 of the body as a decimal number. */
        BODY_CRC32,
        /** The stored secret, where the key is not. */
        SECRET
    }
}
