package io.webhookdb.schemas.hook;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.schemas.event.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;

/** The request itself is the resource: whatever is sent to the URL is recorded. */
public final class RecordedRequest implements RequestHook {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** 2020-01-01, so that 41 bits of milliseconds last until 2089. */
    private static final long EPOCH_MILLIS = 1_577_836_800_000L;

    private static final int COUNTER_BITS = 22;

    @Override
    public String name() {
        return "recorded-request";
    }

    @Override
    public byte[] json(Event event) throws IOException {
        ObjectNode recorded = JSON.createObjectNode();
        recorded.put("unique_id", number(event.id()));
        recorded.put(
                "inserted_at",
                Instant.EPOCH.plus(event.receivedAtMicros(), ChronoUnit.MICROS).toString());
        recorded.put("request_method", event.method());
        recorded.put("path", event.path());
        String host = event.header("host");
        recorded.put(
                "full_url",
                (host == null ? "" : "https://" + host)
                        + event.path()
                        + (event.query().isEmpty() ? "" : "?" + event.query()));
        recorded.put("user_agent", event.header("user-agent"));
        recorded.put("ip", ip(event.header("x-forwarded-for")));
        recorded.put("content_type", event.contentType());
        recorded.set("parsed_query", object(FormFields.of(event.query())));
        String body = new String(event.body(), StandardCharsets.UTF_8);
        JsonNode parsed = parsed(event.contentType(), body);
        recorded.set("parsed_body", parsed);
        recorded.put("raw_body", parsed == null && !body.isEmpty() ? body : null);
        return JSON.writeValueAsBytes(recorded);
    }

    /**
     * The table's key is a number. Of the event's id (UUIDv7): its milliseconds, and the last bits
     * of its counter, which one process counts up within a millisecond. Two processes have the same
     * number in one of four million pairs of requests of one millisecond.
     */
    static long number(UUID id) {
        long millis = id.getMostSignificantBits() >>> 16;
        long counter = id.getLeastSignificantBits() & ((1L << COUNTER_BITS) - 1);
        return ((millis - EPOCH_MILLIS) << COUNTER_BITS | counter) & Long.MAX_VALUE;
    }

    /** The address the first proxy saw. */
    private static String ip(String forwarded) {
        return forwarded == null ? null : forwarded.split(",", 2)[0].strip();
    }

    private static JsonNode parsed(String contentType, String body) {
        if (contentType.startsWith("application/x-www-form-urlencoded")) {
            return object(FormFields.of(body));
        }
        if (!contentType.startsWith("application/json")) {
            return null;
        }
        try {
            JsonNode node = JSON.readTree(body);
            return node.isContainerNode() ? node : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private static ObjectNode object(Map<String, String> fields) {
        ObjectNode object = JSON.createObjectNode();
        fields.forEach(object::put);
        return object;
    }
}
