package io.webhookdb.controlplane.api.onward;

import io.webhookdb.controlplane.api.integrations.Integration;
import io.webhookdb.controlplane.api.onward.SyncTargetProgress.Progress;
import io.webhookdb.controlplane.database.ControlDocuments.Document;
import io.webhookdb.schemas.control.SyncTargetControl;
import java.time.Instant;

/**
 * A sync target in the contract's form.
 *
 * @param connectionUrl without credentials
 * @param lastSyncedAt when the target was last in step or took rows; null if it never was
 * @param latency whole seconds since then; 0 if it never was
 * @param state beyond the contract, as the next three: in step, syncing, loading or failing
 * @param rowsSynced rows acknowledged since the target was created
 * @param rowsPending rows that wait
 * @param failure why the last attempt failed; empty if it did not
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
        String message,
        String state,
        String rowsSynced,
        String rowsPending,
        String failure) {

    static SyncTargetView of(
            Document<SyncTargetControl> found, Integration integration, String message) {
        return of(found, integration, Progress.NONE, message);
    }

    static SyncTargetView of(
            Document<SyncTargetControl> found,
            Integration integration,
            Progress progress,
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
                progress.lastSyncedAt() == null ? null : progress.lastSyncedAt().toString(),
                progress.latencySeconds(Instant.now()),
                "service_integration",
                record.integration(),
                record.integration() + "/" + source,
                record.kind() == SyncTargetControl.Kind.HTTP ? "" : schema + "." + table,
                message,
                progress.state(),
                Long.toString(progress.rows()),
                Long.toString(progress.pending()),
                progress.failure());
    }
}
