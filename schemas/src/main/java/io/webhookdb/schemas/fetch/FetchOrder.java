package io.webhookdb.schemas.fetch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * One resource that is to be fetched because an event named it. Keyed by integration. May arrive
 * more than once.
 *
 * @param integration opaque id
 * @param organization numeric id
 * @param reference the vendor's id of the resource
 */
public record FetchOrder(String integration, long organization, String reference) {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    /** UTF-8 JSON. */
    public byte[] encode() {
        try {
            return MAPPER.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Fetch order of " + integration, e);
        }
    }

    /**
     * Reads an order.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static FetchOrder decode(byte[] json) {
        try {
            FetchOrder order = MAPPER.readValue(json, FetchOrder.class);
            if (order.integration() == null || order.reference() == null) {
                throw new IllegalArgumentException(
                        "Not a fetch order: expected integration and reference");
            }
            return order;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Not a fetch order: " + e.getClass().getSimpleName(), e);
        }
    }
}
