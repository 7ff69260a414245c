package io.webhookdb.controlplane.api.db;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A query kept under an id.
 *
 * @param opaqueId {@code svq_} and 128 random bits
 * @param isPublic whether anyone who knows the id may run it
 * @param createdBy the customer who saved it
 */
record SavedQuery(
        long id,
        String opaqueId,
        long organization,
        String description,
        String sql,
        boolean isPublic,
        long createdBy) {

    View view(URI api, String message) {
        return new View(opaqueId, description, sql, isPublic, runUrl(api), message);
    }

    /** The fields {@code saved-query info} shows, in order. */
    Map<String, String> fields(URI api) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("id", opaqueId);
        fields.put("description", description);
        fields.put("public", Boolean.toString(isPublic));
        fields.put("run_url", runUrl(api));
        fields.put("sql", sql);
        return fields;
    }

    private String runUrl(URI api) {
        return api.toString().replaceAll("/+$", "") + "/v1/saved_queries/" + opaqueId + "/run";
    }

    /** The contract's form. */
    record View(
            String id,
            String description,
            String sql,
            @JsonProperty("public") boolean isPublic,
            String runUrl,
            String message) {}
}
