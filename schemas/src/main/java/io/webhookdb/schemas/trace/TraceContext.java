package io.webhookdb.schemas.trace;

import io.webhookdb.schemas.event.Event;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The trace something belongs to, in the form of the W3C recommendation Trace Context (level 1,
 * sections 3.2 and 3.3): what a sender's request brought, or a step of ours wrote in its place.
 * Whatever has none is in no trace, and carries nothing.
 *
 * @param parent value of {@code traceparent}, always a valid one
 * @param state value of {@code tracestate}; null if there is none
 */
public record TraceContext(String parent, String state) {
    /** Name of the header that holds the parent: of requests, records and webhooks alike. */
    public static final String PARENT = "traceparent";

    /** Name of the header that holds the state. */
    public static final String STATE = "tracestate";

    /** Later versions may append fields; version ff and ids of zeros are forbidden. */
    private static final Pattern VALID =
            Pattern.compile(
                    "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    /** Printable, since it goes on as a header, and no longer than everybody has to carry. */
    private static final Pattern VALID_STATE = Pattern.compile("[\\x20-\\x7e]{1,512}");

    /**
     * The trace of these two values, either of which may be null. One that is malformed is left
     * out, as the recommendation asks (section 4.3).
     *
     * @return null if there is none
     */
    public static TraceContext of(String parent, String state) {
        if (parent == null || !VALID.matcher(parent).matches()) {
            return null;
        }
        boolean usable = state != null && VALID_STATE.matcher(state).matches();
        return new TraceContext(parent, usable ? state : null);
    }

    /**
     * The trace of what has headers.
     *
     * @param headers a header's value by its name; null where it is missing
     * @return null if there is none
     */
    public static TraceContext of(UnaryOperator<String> headers) {
        String parent = headers.apply(PARENT);
        return parent == null ? null : of(parent, headers.apply(STATE));
    }

    /**
     * The trace of an event.
     *
     * @return null if there is none
     */
    public static TraceContext of(Event event) {
        return of(event::header);
    }

    /** Calls the sink with each header's name and value. */
    public void headers(BiConsumer<String, String> sink) {
        sink.accept(PARENT, parent);
        if (state != null) {
            sink.accept(STATE, state);
        }
    }
}
