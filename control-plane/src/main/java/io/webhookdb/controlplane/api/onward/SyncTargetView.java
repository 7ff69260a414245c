package io.webhookdb.controlplane.api.onward;

import io.webhookdb.controlplane.api.integrations.Integration;
import io.webhookdb.controlplane.api.onward.SyncTargetProgress.Progress;
import io.webhookdb.controlplane.database.ControlDocuments.Document;
import io.webhookdb.schemas.control.SyncTargetControl;
import io.webhookdb.schemas.control.SyncTargetSettings;
import java.time.Instant;
import java.util.List;

/**
 * A sync target in the contract's form.
 *
 * @param connectionUrl without credentials
 * @param lastSyncedAt when the target was last in step or took rows; null if it never was
 * @param latency whole seconds since then; 0 if it never was
 * @param state beyond the contract, as all that follow: in step, syncing, loading, failing or
 *     paused
 * @param rowsSynced rows acknowledged since the target was created
 * @param rowsPending rows that wait
 * @param failure why the last attempt failed; empty if it did not
 * @param columns the columns it gets; empty for all
 * @param drop columns it does not get
 * @param hash columns it gets hashed
 * @param data whether it gets the resource itself: keep or drop
 * @param deletes what becomes of deleted rows: mark or remove
 * @param parallelism pages on their way at once
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
        String failure,
        List<String> columns,
        List<String> drop,
        List<String> hash,
        String data,
        String deletes,
        int parallelism) {

    /** Clients of the contract expect an integration. */
    private static final Integration.View ALL =
            new Integration.View(SyncTargetDirectory.WHOLE_ORGANIZATION, "", "*", "");

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
        SyncTargetSettings settings = record.settings();
        boolean takesAll = record.takesAllIntegrations();
        String source = integration == null ? (takesAll ? "*" : "") : integration.table();
        String schema = record.schema().isEmpty() ? "public" : record.schema();
        String table = record.table().isEmpty() ? source : record.table();
        return new SyncTargetView(
                found.createdAt().toString(),
                record.id(),
                takesAll ? ALL : integration == null ? null : integration.view(""),
                record.periodSeconds(),
                record.pageSize(),
                found.shown(),
                record.table(),
                record.schema(),
                progress.lastSyncedAt() == null ? null : progress.lastSyncedAt().toString(),
                progress.latencySeconds(Instant.now()),
                takesAll ? "organization" : "service_integration",
                takesAll ? Long.toString(record.organization()) : record.integration(),
                takesAll ? "all integrations" : record.integration() + "/" + source,
                record.kind() == SyncTargetControl.Kind.HTTP ? "" : schema + "." + table,
                message,
                settings.pause() ? "paused" : progress.state(),
                Long.toString(progress.rows()),
                Long.toString(progress.pending()),
                progress.failure(),
                settings.columns().only(),
                settings.columns().dropped(),
                settings.columns().hashed(),
                settings.columns().keepData() ? "keep" : "drop",
                settings.deletes() == SyncTargetSettings.Deletes.MARKED ? "mark" : "remove",
                settings.lanes().count());
    }
}
