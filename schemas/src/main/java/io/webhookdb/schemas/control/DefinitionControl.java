package io.webhookdb.schemas.control;

import io.webhookdb.schemas.catalog.ServiceDefinition;

/**
 * A service definition, published once and referenced by its hash. Immutable, so its revision is
 * always 1.
 *
 * @param hash {@link ServiceDefinition#hash()}
 * @param definition the whole definition
 */
public record DefinitionControl(String hash, ServiceDefinition definition)
        implements ControlRecord {

    /** Key on the control topic. */
    public static String key(String hash) {
        return "definition/" + hash;
    }

    @Override
    public String key() {
        return key(hash);
    }

    @Override
    public long revision() {
        return 1;
    }
}
