package io.webhookdb.controlplane.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import org.jdbi.v3.core.Handle;

/** Every definition anything ever referred to, by hash. Written once, never changed. */
public final class StoredDefinitions {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private StoredDefinitions() {}

    /** Stores a definition, unless it is. Returns its hash. */
    public static String ensure(Handle handle, ServiceDefinition service) {
        String hash = service.hash();
        try {
            handle.execute(
                    "INSERT INTO definitions (hash, service_name, definition) VALUES (?, ?, ?) ON"
                            + " CONFLICT DO NOTHING",
                    hash,
                    service.name(),
                    MAPPER.writeValueAsString(service));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Definition of " + service.name(), e);
        }
        return hash;
    }

    /**
     * A definition as it was stored.
     *
     * @throws IllegalArgumentException if this release cannot read it
     */
    public static ServiceDefinition parse(String stored) {
        try {
            return MAPPER.readValue(stored, ServiceDefinition.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("A stored definition is unreadable", e);
        }
    }
}
