package io.webhookdb.controlplane.provisioner.status;

import io.webhookdb.schemas.status.StatusReport;
import io.webhookdb.schemas.status.SyncProgress;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The newest state of each shard of each sync target. */
final class SyncProgressHandler implements StatusHandler {
    private static final String UPSERT =
            "INSERT INTO sync_progress AS p (target, integration, shard, organization_id,"
                + " row_count, bytes, pending, loaded, loading, oldest_pending_at, last_synced_at,"
                + " next_at, reported_at, failures, failure, last_failure, last_failure_at) VALUES"
                + " (:target, :integration, :shard, :organization, :rows, :bytes, :pending,"
                + " :loaded, :loading, :oldest, :synced, :next, :at, :failures, :failure, :failure,"
                + " CASE WHEN CAST(:failure AS text) IS NOT NULL THEN CAST(:at AS timestamptz) END)"
                + " ON CONFLICT (target, integration, shard) DO UPDATE SET row_count ="
                + " excluded.row_count, bytes = excluded.bytes, pending = excluded.pending, loaded"
                + " = excluded.loaded, loading = excluded.loading, oldest_pending_at ="
                + " excluded.oldest_pending_at, last_synced_at = coalesce(excluded.last_synced_at,"
                + " p.last_synced_at), next_at = excluded.next_at, reported_at ="
                + " excluded.reported_at, failures = excluded.failures, failure = excluded.failure,"
                + " last_failure = coalesce(excluded.last_failure, p.last_failure), last_failure_at"
                + " = coalesce(excluded.last_failure_at, p.last_failure_at) WHERE p.reported_at <="
                + " excluded.reported_at";

    /** Of lanes there are no more. */
    private static final String FORGET =
            "DELETE FROM sync_progress WHERE target = :target AND integration = :integration AND"
                    + " shard >= :shards AND reported_at <= :at";

    @Override
    public boolean takes(StatusReport report) {
        return report instanceof SyncProgress;
    }

    @Override
    public void apply(List<StatusReport> reports, Handle handle) {
        PreparedBatch batch = handle.prepareBatch(UPSERT);
        for (StatusReport report : reports) {
            SyncProgress progress = (SyncProgress) report;
            batch.bind("target", progress.target())
                    .bind("integration", progress.integration())
                    .bind("shard", progress.shard())
                    .bind("organization", progress.organization())
                    .bind("rows", progress.rows())
                    .bind("bytes", progress.bytes())
                    .bind("pending", progress.pending())
                    .bind("loaded", progress.loaded())
                    .bind("loading", progress.loading())
                    .bind("oldest", Times.of(progress.oldestPendingAt()))
                    .bind("synced", Times.of(progress.lastSyncedAt()))
                    .bind("next", Times.of(progress.nextAt()))
                    .bind("at", Times.of(progress.at()))
                    .bind("failures", progress.failures())
                    .bind("failure", progress.failure())
                    .add();
        }
        batch.execute();
        PreparedBatch forget = handle.prepareBatch(FORGET);
        for (StatusReport report : reports) {
            SyncProgress progress = (SyncProgress) report;
            if (progress.shards() > 0) {
                forget.bind("target", progress.target())
                        .bind("integration", progress.integration())
                        .bind("shards", progress.shards())
                        .bind("at", Times.of(progress.at()))
                        .add();
            }
        }
        forget.execute();
    }
}
