package io.webhookdb.connectors.sync;

import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.SyncTargetSettings.Deletes;

/**
 * Which table is synced, and to which.
 *
 * @param integration opaque id of the integration
 * @param service its definition: the columns. What a target is handed names only those it gets
 * @param source name of the replica table
 * @param schema schema at the target
 * @param table table at the target
 * @param resource whether rows have the resource itself
 * @param deletes what becomes of deleted rows
 */
public record SyncTable(
        String integration,
        ServiceDefinition service,
        String source,
        String schema,
        String table,
        Resource resource,
        Deletes deletes) {

    /** Whether rows have the resource itself; {@code data} of those without is JSON null. */
    public enum Resource {
        PRESENT,
        ABSENT
    }

    /** Whole rows, deleted ones marked. */
    SyncTable(
            String integration,
            ServiceDefinition service,
            String source,
            String schema,
            String table) {
        this(integration, service, source, schema, table, Resource.PRESENT, Deletes.MARKED);
    }

    /** Whether there is a column of the resource. */
    public boolean hasResource() {
        return resource == Resource.PRESENT;
    }

    /** The same, as a target sees it. */
    SyncTable shown(ServiceDefinition columns, Resource shown) {
        return new SyncTable(integration, columns, source, schema, table, shown, deletes);
    }
}
