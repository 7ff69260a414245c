package io.webhookdb.cli.prefs;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.cli.CliFailure;
import java.util.Optional;

/**
 * The organization commands act on when none is named.
 *
 * @param id number in the API's paths
 * @param name for people
 * @param key its URL-safe name
 */
public record ActiveOrganization(long id, String name, String key) {
    /** Reads {@code {id, name, key}}; empty if any of them is missing or of another type. */
    public static Optional<ActiveOrganization> read(JsonNode json) {
        JsonNode id = json.path("id");
        JsonNode name = json.path("name");
        JsonNode key = json.path("key");
        boolean complete =
                id.isIntegralNumber()
                        && id.canConvertToLong()
                        && name.isTextual()
                        && key.isTextual();
        return complete
                ? Optional.of(
                        new ActiveOrganization(id.longValue(), name.textValue(), key.textValue()))
                : Optional.empty();
    }

    /**
     * Reads what the API answered.
     *
     * @param route the request, for the message
     * @throws CliFailure if it is no organization
     */
    public static ActiveOrganization required(JsonNode json, String route) {
        return read(json)
                .orElseThrow(
                        () ->
                                CliFailure.api(
                                        route
                                                + " answered without an organization; expected {id"
                                                + " (whole number), name, key}"));
    }

    /** {@code Name (key)}. */
    public String display() {
        return name + " (" + key + ")";
    }
}
