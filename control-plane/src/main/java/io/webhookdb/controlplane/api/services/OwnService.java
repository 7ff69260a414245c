package io.webhookdb.controlplane.api.services;

import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.time.Instant;

/**
 * The newest version of a service an organization defined.
 *
 * @param definition what integrations use
 * @param version counts from 1
 * @param source the file as it was written
 * @param createdAt when this version was defined
 */
record OwnService(ServiceDefinition definition, int version, String source, Instant createdAt) {
    String name() {
        return definition.name();
    }
}
