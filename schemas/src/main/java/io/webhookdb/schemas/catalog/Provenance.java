package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Where the shape of a resource was read, so that a doubt can be followed up.
 *
 * @param source document, SDK or data set
 * @param kind how close to the vendor it is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Provenance(String source, Kind kind) {

    /** How close to the vendor a source is. */
    public enum Kind {
        /** Example payloads the vendor publishes. */
        PUBLISHED,
        /** Types of the vendor's own client library. */
        SDK,
        /** Put together from documentation and the columns; no published payload was at hand. */
        CONSTRUCTED
    }
}
