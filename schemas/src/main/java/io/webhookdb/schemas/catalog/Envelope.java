package io.webhookdb.schemas.catalog;

import java.util.List;

/**
 * How the resource is wrapped in a webhook. A request that meets any of the conditions is an event
 * with the resource at {@link #resource()}; when nothing is there the request is acknowledged and
 * ignored (pings and events of other kinds). A request that meets none is the resource itself.
 *
 * @param wrappedWhen any of these; empty: the body always is the resource
 * @param resource JSON Pointer to the resource within the event; null if never wrapped
 */
public record Envelope(List<Condition> wrappedWhen, String resource) {
    public Envelope {
        wrappedWhen = wrappedWhen == null ? List.of() : List.copyOf(wrappedWhen);
    }

    /** The body is the resource. */
    public static final Envelope BARE = new Envelope(List.of(), null);
}
