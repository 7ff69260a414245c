package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * How the resource is wrapped in a webhook. A request that meets any of the conditions, or without
 * conditions has an object at one of the places, is an event with the resource at {@link
 * #resource()} or, where no object is there, at the first of {@link #alternatives()} that has one;
 * when nothing is there the request is acknowledged and ignored (pings and events of other kinds).
 * A request that meets none is the resource itself.
 *
 * <p>A body that has an array at one of {@link #lists()}, wrapped or not, brings one resource per
 * object in that array instead.
 *
 * @param wrappedWhen any of these; empty: the body is an event where an object is at a place
 * @param resource JSON Pointer to the resource within the event; null if never wrapped
 * @param alternatives further JSON Pointers to the resource, in order
 * @param lists JSON Pointers into the body to arrays of resources, in order
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Envelope(
        List<Condition> wrappedWhen,
        String resource,
        List<String> alternatives,
        List<String> lists) {
    public Envelope {
        wrappedWhen = wrappedWhen == null ? List.of() : List.copyOf(wrappedWhen);
        alternatives = alternatives == null ? List.of() : List.copyOf(alternatives);
        lists = lists == null ? List.of() : List.copyOf(lists);
    }

    /** One place for the resource, no lists. */
    public Envelope(List<Condition> wrappedWhen, String resource) {
        this(wrappedWhen, resource, null, null);
    }

    /** The body is the resource. */
    public static final Envelope BARE = new Envelope(List.of(), null);
}
