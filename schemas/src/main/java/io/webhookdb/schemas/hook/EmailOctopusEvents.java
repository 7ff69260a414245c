package io.webhookdb.schemas.hook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.schemas.event.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Webhooks bring lists of events with flat names, reports bring single ones with a nested contact:
 * both become the nested form. An event has no id, so one is made of what identifies it.
 */
public final class EmailOctopusEvents implements RequestHook {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String UNIQUE_ID = "unique_id";
    private static final String OCCURRED_AT = "occurred_at";
    private static final String CAMPAIGN = "campaign_id";

    @Override
    public String name() {
        return "email-octopus-events";
    }

    @Override
    public byte[] json(Event event) throws IOException {
        JsonNode body = JSON.readTree(event.body());
        ArrayNode events = JSON.createArrayNode();
        if (body.isArray()) {
            for (JsonNode one : body) {
                if (one.hasNonNull(OCCURRED_AT)) {
                    events.add(identified(nested(one)));
                }
            }
        } else if (body instanceof ObjectNode object && object.hasNonNull(OCCURRED_AT)) {
            events.add(identified(object));
        }
        return JSON.writeValueAsBytes(events);
    }

    private static ObjectNode nested(JsonNode flat) {
        ObjectNode event = JSON.createObjectNode();
        ObjectNode contact = event.putObject("contact");
        contact.set("id", flat.get("contact_id"));
        contact.set("email_address", flat.get("contact_email_address"));
        event.set(OCCURRED_AT, flat.get(OCCURRED_AT));
        event.set("event_type", flat.get("type"));
        if (flat.has(CAMPAIGN)) {
            event.set(CAMPAIGN, flat.get(CAMPAIGN));
        }
        return event;
    }

    private static ObjectNode identified(ObjectNode event) {
        if (!event.hasNonNull(UNIQUE_ID)) {
            String text =
                    event.path(OCCURRED_AT).asText()
                            + event.path("event_type").asText()
                            + event.path("contact").path("id").asText()
                            + (event.hasNonNull(CAMPAIGN)
                                    ? event.path(CAMPAIGN).asText()
                                    : "missing");
            event.put(UNIQUE_ID, uuid(text).toString());
        }
        return event;
    }

    private static UUID uuid(String text) {
        try {
            ByteBuffer digest =
                    ByteBuffer.wrap(
                            MessageDigest.getInstance("MD5")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
            return new UUID(digest.getLong(), digest.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("MD5 is part of every Java platform", e);
        }
    }
}
