package io.webhookdb.controlplane.api.onward;

import io.webhookdb.controlplane.api.integrations.Integration;
import io.webhookdb.controlplane.database.ControlDocuments.Document;
import io.webhookdb.schemas.control.SyncTargetControl;
import java.time.Instant;

/**
 * A sync target in the contract's form.
 *
 * @param connectionUrl without credentials
 * @param lastSyncedAt start of the last sync of all of it; null for never
 * @param latency seconds since then; 0 for never
 */
record SyncTargetView(
        String createdAt,
        String opaqueId,
        Integration.View serviceIntegration,
        int periodSeconds,
        int pageSize,
        String connectionUrl,
        String table,
        String schema,
        String lastSyncedAt,
        int latency,
        String associatedType,
        String associatedId,
        String associatedObjectDisplay,
        String schemaAndTableString,
        String message) {

    static SyncTargetView of(
            Document<SyncTargetControl> found,
            Integration integration,
            Instant synced,
            String message) {
        SyncTargetControl record = found.record();
        String source = integration == null ? "" : integration.table();
        String schema = record.schema().isEmpty() ? "public" : record.schema();
        String table = record.table().isEmpty() ? source : record.table();
        return new SyncTargetView(
                found.createdAt().toString(),
                record.id(),
                integration == null ? null : integration.view(""),
                record.periodSeconds(),
                record.pageSize(),
                found.shown(),
                record.table(),
                record.schema(),
                synced == null ? null : synced.toString(),
                SyncTimes.latency(synced),
                "service_integration",
                record.integration(),
                record.integration() + "/" + source,
                record.kind() == SyncTargetControl.Kind.HTTP ? "" : schema + "." + table,
                message);
    }
}
