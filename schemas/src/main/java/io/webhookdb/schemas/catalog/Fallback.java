package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What stands for a value that is missing or null: exactly one of a fixed value and another place.
 *
 * @param value a value that needs no place
 * @param pointer JSON Pointer into the resource; what is there is edited, converted and fitted as
 *     the column's own value would be
 * @param when the fallback holds only if this passes; null: always
 * @param unless the fallback does not hold if this passes; null: always holds
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Fallback(Value value, String pointer, Condition when, Condition unless) {

    /** Values that need no place. */
    public enum Value {
        /** When the event was received; for a fetched object when its request began. */
        RECEIVED_AT,
        /** The version time of this state of the row. */
        VERSION_TIME,
        FALSE,
        EMPTY_LIST
    }
}
