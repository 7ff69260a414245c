package io.webhookdb.controlplane.api.http;

import java.util.List;

/**
 * A list answer, always one page.
 *
 * @param items rows; never null
 * @param message printed before the rows
 * @param displayHeaders pairs of key and title, in order
 */
public record Listing<T>(
        String object,
        int currentPage,
        int pageCount,
        int totalCount,
        boolean hasMore,
        List<T> items,
        String message,
        List<List<String>> displayHeaders) {

    /** All rows there are. */
    public static <T> Listing<T> of(
            List<T> items, String message, List<List<String>> displayHeaders) {
        return new Listing<>("list", 1, 1, items.size(), false, items, message, displayHeaders);
    }
}
