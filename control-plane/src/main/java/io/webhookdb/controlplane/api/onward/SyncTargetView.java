package io.webhookdb.controlplane.api.onward;

import io.webhookdb.controlplane.api.integrations.Integration;
import io.webhookdb.controlplane.database.ControlDocuments.Document;
import io.webhookdb.schemas.control.SyncTargetControl;

/**
 * A sync target in the contract's form.
 *
 * @param connectionUrl without credentials
 * @param lastSyncedAt not known here yet
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
            Document<SyncTargetControl> found, Integration integration, String message) {
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
                null,
                0,
                "service_integration",
                record.integration(),
                record.integration() + "/" + source,
                record.kind() == SyncTargetControl.Kind.HTTP ? "" : schema + "." + table,
                message);
    }
}
