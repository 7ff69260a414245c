package io.webhookdb.ingest;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * The sender's trace (W3C Trace Context), kept among an event's headers as it came. One that is
 * malformed is left out, as the recommendation asks (section 4.3), and never a reason to refuse.
 */
final class TraceContext {
    private static final String PARENT = "traceparent";
    private static final String STATE = "tracestate";
    private static final int LONGEST_STATE = 512;

    /** Later versions may append fields; version ff and ids of zeros are forbidden. */
    private static final Pattern VALID =
            Pattern.compile(
                    "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private TraceContext() {}

    /** Adds what the request brings, each header given once or not at all. */
    static void keep(String parent, String state, Map<String, String> kept) {
        if (parent == null || !VALID.matcher(parent).matches()) {
            return;
        }
        kept.put(PARENT, parent);
        if (state != null && state.length() <= LONGEST_STATE) {
            kept.put(STATE, state);
        }
    }
}
