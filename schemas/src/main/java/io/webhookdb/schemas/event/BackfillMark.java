package io.webhookdb.schemas.event;

import java.util.Optional;

/**
 * Which run of a backfill fetched an object, as its event carries it among the request headers.
 *
 * @param run opaque id of the order or schedule
 * @param startedAtMillis when that run of it began, milliseconds since the epoch
 */
public record BackfillMark(String run, long startedAtMillis) {
    /** Name of the header; no vendor's, as it is only read from fetched objects. */
    public static final String HEADER = "webhookdb-run";

    /** The text in the header. */
    public String text() {
        return run + "@" + startedAtMillis;
    }

    /** The text an event carries; null if a vendor pushed it, or nobody asked for it. */
    public static String of(Event event) {
        return event.origin() == Origin.BACKFILL ? event.header(HEADER) : null;
    }

    /** Reads {@link #text()}; empty if it is none. */
    public static Optional<BackfillMark> parse(String text) {
        int at = text == null ? -1 : text.lastIndexOf('@');
        if (at < 1 || !text.substring(at + 1).matches("\\d{1,18}")) {
            return Optional.empty();
        }
        return Optional.of(
                new BackfillMark(text.substring(0, at), Long.parseLong(text.substring(at + 1))));
    }
}
