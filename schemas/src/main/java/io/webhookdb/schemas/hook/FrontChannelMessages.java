package io.webhookdb.schemas.hook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.schemas.event.Event;
import java.io.IOException;

/**
 * What Front hands to a channel for delivery: one message to several recipients, one row for each.
 * Every other request of a channel (authorization, delete) brings none. A row that is posted as it
 * is stays as it is.
 */
public final class FrontChannelMessages implements RequestHook {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Override
    public String name() {
        return "front-channel-messages";
    }

    @Override
    public byte[] json(Event event) throws IOException {
        JsonNode body = JSON.readTree(event.body());
        String type = body.path("type").asText();
        ArrayNode rows = JSON.createArrayNode();
        if (type.startsWith("message")) {
            JsonNode payload = body.path("payload");
            String id = id(type, payload);
            for (JsonNode recipient : payload.path("recipients")) {
                if (!id.isEmpty() && recipient.path("role").asText().equals("to")) {
                    rows.add(row(id, payload, recipient.path("handle").asText()));
                }
            }
        } else if (body.hasNonNull("external_id")) {
            rows.add(body);
        }
        return JSON.writeValueAsBytes(rows);
    }

    /** An automatic reply has no id but that of the message it answers. */
    private static String id(String type, JsonNode payload) {
        if (!type.equals("message_autoreply")) {
            return payload.path("id").asText();
        }
        String answered = payload.at("/_links/related/message_replied_to").asText();
        return answered.isEmpty()
                ? ""
                : answered.substring(answered.lastIndexOf('/') + 1) + "_autoreply";
    }

    private static ObjectNode row(String id, JsonNode payload, String recipient) {
        String number = number(recipient);
        ObjectNode row = JSON.createObjectNode();
        row.put("external_id", id + "-" + number);
        row.put("front_message_id", id);
        row.put("external_conversation_id", number);
        row.put("direction", "outbound");
        row.set("body", payload.get("text"));
        row.put("recipient", number);
        return row;
    }

    /** A phone number in E.164, where people write it with spaces and marks. */
    private static String number(String text) {
        String digits = text.replaceAll("[^0-9]", "");
        if (digits.isEmpty()) {
            return text;
        }
        return "+" + (digits.length() == 10 && !text.strip().startsWith("+") ? "1" : "") + digits;
    }
}
