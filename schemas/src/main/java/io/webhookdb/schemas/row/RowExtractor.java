package io.webhookdb.schemas.row;

import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.event.Event;

/**
 * Turns an event into rows by one service definition: one streaming pass over the body, no tree.
 * Not thread-safe; build one per thread and definition and reuse it.
 */
public final class RowExtractor {
    private final ServiceDefinition service;

    public RowExtractor(ServiceDefinition service) {
        this.service = service;
    }

    /**
     * What the event asks of the service's table.
     *
     * @param organization owner of the table
     * @param epoch the integration's epoch
     * @return rows, or why there is none; never throws for what a body holds
     */
    public Extraction extract(Event event, long organization, long epoch) {
        throw new IllegalStateException("No extractor for " + service.name());
    }
}
