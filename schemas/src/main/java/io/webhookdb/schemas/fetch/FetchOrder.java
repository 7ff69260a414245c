package io.webhookdb.schemas.fetch;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.schemas.catalog.BackfillSchedule;
import java.io.IOException;

/**
 * What is to be fetched because of an event. Keyed by integration. May arrive more than once.
 *
 * <p>Without {@code run} it is one resource that the event only named. With it the event was a row,
 * and everything that depends on that row is listed.
 *
 * @param integration opaque id
 * @param organization numeric id
 * @param reference the vendor's id of the resource; the row's remote key
 * @param run how much is listed; null: one resource is meant
 * @param row {@code data} of the row, which may not be written yet; null without {@code run}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FetchOrder(
        String integration,
        long organization,
        String reference,
        BackfillSchedule.Run run,
        JsonNode row) {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    /** An order for one resource. */
    public FetchOrder(String integration, long organization, String reference) {
        this(integration, organization, reference, null, null);
    }

    /** An order for what depends on a row. */
    public static FetchOrder ofRow(
            String integration,
            long organization,
            String key,
            BackfillSchedule.Run run,
            byte[] data) {
        try {
            return new FetchOrder(integration, organization, key, run, MAPPER.readTree(data));
        } catch (IOException e) {
            throw new IllegalArgumentException("The row " + key + " has no JSON as its data", e);
        }
    }

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
