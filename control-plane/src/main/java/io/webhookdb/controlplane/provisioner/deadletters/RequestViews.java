package io.webhookdb.controlplane.provisioner.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.schemas.event.Event;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.TreeMap;

/** A stored request as people see it. Pure. */
final class RequestViews {
    static final int LONGEST_BODY = 256 * 1024;

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private RequestViews() {}

    /** JSON; the body as text if it is UTF-8, else in base64, and no more than fits a terminal. */
    static String of(Event event) {
        byte[] body =
                event.body().length <= LONGEST_BODY
                        ? event.body()
                        : Arrays.copyOf(event.body(), LONGEST_BODY);
        ObjectNode view = MAPPER.createObjectNode();
        view.put("method", event.method());
        view.put("path", event.path());
        view.put("query", event.query());
        view.put("content_type", event.contentType());
        view.put(
                "received_at",
                Instant.EPOCH.plus(event.receivedAtMicros(), ChronoUnit.MICROS).toString());
        view.put("verification", event.verification());
        view.put("origin", event.origin().word());
        view.putPOJO("headers", new TreeMap<>(event.headers()));
        view.put("body_bytes", event.body().length);
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
            view.put("body", text.replace('\u0000', '\uFFFD')).put("body_encoding", "text");
        } catch (CharacterCodingException e) {
            view.put("body", Base64.getEncoder().encodeToString(body))
                    .put("body_encoding", "base64");
        }
        try {
            return MAPPER.writeValueAsString(view);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("View of event " + event.id(), e);
        }
    }
}
