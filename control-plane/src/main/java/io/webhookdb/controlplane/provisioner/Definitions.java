package io.webhookdb.controlplane.provisioner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import org.jdbi.v3.core.Handle;

/** Definitions as the application database keeps them. */
final class Definitions {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private Definitions() {}

    /** Keeps a definition, as whoever creates an integration does. */
    static void store(Handle handle, ServiceDefinition service) {
        try {
            handle.execute(
                    "INSERT INTO definitions (hash, service_name, definition) VALUES (?, ?, ?) ON"
                            + " CONFLICT DO NOTHING",
                    service.hash(),
                    service.name(),
                    MAPPER.writeValueAsString(service));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Definition of " + service.name(), e);
        }
    }

    /**
     * The definition of that hash. It is not hashed again: a later release may write the same
     * definition differently, and the hash is only its name.
     *
     * @throws IllegalStateException if it is not stored or unreadable
     */
    static ServiceDefinition read(Handle handle, String hash) {
        String stored =
                Ledger.definition(handle, hash)
                        .orElseThrow(
                                () -> new IllegalStateException("Definition " + hash + " is lost"));
        try {
            return MAPPER.readValue(stored, ServiceDefinition.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Definition " + hash + " is unreadable", e);
        }
    }
}
