package io.webhookdb.schemas.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * Writes and reads the record headers of an {@link Event}. All values are UTF-8 text. Request
 * headers carry the prefix {@code h.}.
 */
public final class EventHeaders {
    static final String ID = "id";
    static final String INTEGRATION = "integration";
    static final String REVISION = "revision";
    static final String RECEIVED = "received";
    static final String ORIGIN = "origin";
    static final String METHOD = "method";
    static final String PATH = "path";
    static final String QUERY = "query";
    static final String CONTENT_TYPE = "content-type";
    static final String VERIFICATION = "verification";
    static final String REQUEST_HEADER_PREFIX = "h.";

    private EventHeaders() {}

    /** Calls the sink once per header, in a fixed order. */
    public static void write(Event event, BiConsumer<String, byte[]> sink) {
        put(sink, ID, event.id().toString());
        put(sink, INTEGRATION, event.integration());
        put(sink, REVISION, Long.toString(event.integrationRevision()));
        put(sink, RECEIVED, Long.toString(event.receivedAtMicros()));
        put(sink, ORIGIN, event.origin().word());
        put(sink, METHOD, event.method());
        put(sink, PATH, event.path());
        put(sink, QUERY, event.query());
        put(sink, CONTENT_TYPE, event.contentType());
        put(sink, VERIFICATION, event.verification());
        event.headers().forEach((name, value) -> put(sink, REQUEST_HEADER_PREFIX + name, value));
    }

    /** Collects headers one by one, then builds the event. Not thread-safe; one per record. */
    public static final class Reader {
        private final Map<String, String> own = new HashMap<>();
        private final Map<String, String> requestHeaders = new HashMap<>();

        /** Takes one header; unknown names are ignored, so that newer writers can add some. */
        public Reader header(String name, byte[] value) {
            if (value == null) {
                return this;
            }
            String text = new String(value, UTF_8);
            if (name.startsWith(REQUEST_HEADER_PREFIX)) {
                requestHeaders.put(name.substring(REQUEST_HEADER_PREFIX.length()), text);
            } else {
                own.put(name, text);
            }
            return this;
        }

        /**
         * The event of these headers and that body.
         *
         * @throws IllegalArgumentException naming the header that is missing or malformed
         */
        public Event event(byte[] body) {
            return new Event(
                    uuid(required(ID)),
                    required(INTEGRATION),
                    number(REVISION),
                    number(RECEIVED),
                    Origin.of(required(ORIGIN)),
                    own.getOrDefault(METHOD, ""),
                    own.getOrDefault(PATH, ""),
                    own.getOrDefault(QUERY, ""),
                    own.getOrDefault(CONTENT_TYPE, ""),
                    requestHeaders,
                    own.getOrDefault(VERIFICATION, ""),
                    body == null ? new byte[0] : body);
        }

        private String required(String name) {
            String value = own.get(name);
            if (value == null) {
                throw new IllegalArgumentException("Event header \"" + name + "\" is missing.");
            }
            return value;
        }

        private long number(String name) {
            String value = required(name);
            try {
                return Long.parseLong(value);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "Event header \"" + name + "\" is \"" + value + "\", expected an integer.",
                        e);
            }
        }

        private static UUID uuid(String value) {
            try {
                return UUID.fromString(value);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "Event header \"id\" is \"" + value + "\", expected a UUID.", e);
            }
        }
    }

    private static void put(BiConsumer<String, byte[]> sink, String name, String value) {
        if (value != null && !value.isEmpty()) {
            sink.accept(name, value.getBytes(UTF_8));
        }
    }
}
