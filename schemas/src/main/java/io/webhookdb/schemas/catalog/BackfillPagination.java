package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * How the next page of a listing is found. Pointers are into the answer unless said otherwise.
 *
 * @param style how
 * @param parameter query parameter that takes the cursor or page number
 * @param next JSON Pointers to the cursor or next path, the first that has one; none: the last page
 * @param item for {@link Style#LAST_ITEM}: JSON Pointer into the last item
 * @param more for {@link Style#LAST_ITEM}: JSON Pointer to whether there are more
 * @param current for {@link Style#PAGE_NUMBER}: JSON Pointer to the page's number
 * @param total for {@link Style#PAGE_NUMBER}: JSON Pointer to the number of pages
 * @param sizeParameter query parameter with the page size; null: the vendor's default
 * @param size items per page
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackfillPagination(
        Style style,
        String parameter,
        List<String> next,
        String item,
        String more,
        String current,
        String total,
        String sizeParameter,
        Integer size) {

    /** One page. */
    public static final BackfillPagination NONE =
            new BackfillPagination(Style.NONE, null, null, null, null, null, null, null, null);

    public BackfillPagination {
        next = next == null ? List.of() : List.copyOf(next);
    }

    /** Ways to the next page. */
    public enum Style {
        /** There is one page. */
        NONE,
        /** {@code Link: <url>; rel="next"} (RFC 8288); the URL is taken as it is. */
        LINK_HEADER,
        /** A cursor in the answer goes into a parameter; the first request has none. */
        CURSOR,
        /** A value of the last item goes into a parameter. */
        LAST_ITEM,
        /** A path, with its query, relative to the base; authentication is added again. */
        NEXT_PATH,
        /** Pages are numbered from 1. */
        PAGE_NUMBER
    }
}
