package io.webhookdb.schemas.event;

import java.util.Map;

/**
 * The least version time that what an event brings is to have, as a fetched object carries it among
 * the request headers. For what the fetching job knows to be newer than its own time says: that an
 * owner's rows are gone, or are there again, and members that are added to a row.
 */
public final class VersionFloor {
    /** Name of the header; no vendor's, as it is only read from fetched objects. */
    public static final String HEADER = "webhookdb-version-from";

    private VersionFloor() {}

    /**
     * The header for it.
     *
     * @param micros microseconds since the epoch
     */
    public static Map<String, String> header(long micros) {
        return Map.of(HEADER, Long.toString(micros));
    }

    /** Microseconds since the epoch; {@link Long#MIN_VALUE} if the event has none. */
    public static long of(Event event) {
        String text = event.origin().isPolled() ? event.header(HEADER) : null;
        return text == null || !text.matches("\\d{1,18}") ? Long.MIN_VALUE : Long.parseLong(text);
    }
}
