package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * By which times a person may restrict a run. Other than {@link BackfillIncremental}, which has to
 * find every change, these may be times at which resources began.
 *
 * @param since query parameter that takes the earliest time; null: the vendor has none
 * @param until query parameter that takes the time before which everything is; null: none
 * @param pointer JSON Pointer to the time in an item
 * @param format how these times are written
 * @param order how the listing is sorted; null is {@link Order#ANY}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackfillRange(
        String since, String until, String pointer, TimeSource.Format format, Order order) {

    /** How a listing is sorted by that time. */
    public enum Order {
        ANY,
        /** It may end with the page whose last item is too early. */
        NEWEST_FIRST
    }
}
