package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * Events that say that a resource changed without bringing it. The event is no row; the resource is
 * fetched and returns as an item.
 *
 * @param when conditions on the event, all must pass
 * @param reference JSON Pointer, where a resource would stand, to its id
 * @param path path of the request; the id, percent-encoded, is appended
 * @param pointer JSON Pointer to the resource in the answer; empty: all of it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackfillFetch(
        List<Condition> when, String reference, List<BackfillValue> path, String pointer) {
    public BackfillFetch {
        when = List.copyOf(when);
        path = List.copyOf(path);
        pointer = pointer == null ? "" : pointer;
    }
}
