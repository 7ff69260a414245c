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
