package io.webhookdb.connectors.sync;

import io.webhookdb.schemas.catalog.ServiceDefinition;

/**
 * Which table is synced, and to which.
 *
 * @param integration opaque id of the integration
 * @param service its definition: the columns
 * @param source name of the replica table
 * @param schema schema at the target
 * @param table table at the target
 */
public record SyncTable(
        String integration,
        ServiceDefinition service,
        String source,
        String schema,
        String table) {}
