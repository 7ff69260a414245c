package io.webhookdb.controlplane.provisioner.status;

import io.webhookdb.controlplane.database.ControlDocuments;
import io.webhookdb.controlplane.database.Ended;
import io.webhookdb.schemas.control.BackfillControl;
import io.webhookdb.schemas.status.BackfillProgress;
import io.webhookdb.schemas.status.StatusReport;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * How far backfills got. When one has ended its order is ended, too, so that a job that has lost
 * its state does not carry it out again.
 */
final class BackfillProgressHandler implements StatusHandler {
    private static final String REPORT =
            "INSERT INTO backfill_runs AS r (id, organization_id, integration, state, pages, items,"
                    + " repaired, items_per_second, estimated_end, started_at, finished_at,"
                    + " failure, reported_at) VALUES (:id, :organization, :integration, :state,"
                    + " :pages, :items, :repaired, :rate, :estimated, :started, :finished,"
                    + " :failure, :at) ON CONFLICT (id) DO UPDATE SET state = excluded.state, pages"
                    + " = excluded.pages, items = excluded.items, repaired = excluded.repaired,"
                    + " items_per_second = excluded.items_per_second, estimated_end ="
                    + " excluded.estimated_end, started_at = excluded.started_at, finished_at ="
                    + " excluded.finished_at, failure = excluded.failure, reported_at ="
                    + " excluded.reported_at WHERE r.reported_at <= excluded.reported_at";

    @Override
    public boolean takes(StatusReport report) {
        return report instanceof BackfillProgress;
    }

    @Override
    public void apply(List<StatusReport> reports, Handle handle) {
        Map<String, BackfillProgress> newest = new TreeMap<>();
        Map<String, BackfillProgress> ended = new LinkedHashMap<>();
        for (StatusReport report : reports) {
            BackfillProgress progress = (BackfillProgress) report;
            newest.put(progress.run(), progress);
            if (progress.state().ended()) {
                ended.put(progress.run(), progress);
            }
        }
        PreparedBatch stored = handle.prepareBatch(REPORT);
        newest.values().forEach(progress -> bind(stored, progress));
        stored.execute();
        for (BackfillProgress progress : new ArrayList<>(ended.values())) {
            ControlDocuments.delete(
                    handle,
                    progress.organization(),
                    "backfill/" + progress.run(),
                    BackfillControl.class,
                    order -> (BackfillControl) Ended.record(order));
        }
    }

    private static void bind(PreparedBatch batch, BackfillProgress progress) {
        batch.bind("id", progress.run())
                .bind("organization", progress.organization())
                .bind("integration", progress.integration())
                .bind("state", progress.state().word())
                .bind("pages", progress.pages())
                .bind("items", progress.items())
                .bind("repaired", progress.repaired())
                .bind("rate", progress.itemsPerSecond())
                .bind("estimated", time(progress.estimatedEnd()))
                .bind("started", time(progress.startedAt()))
                .bind("finished", progress.state().ended() ? time(progress.at()) : null)
                .bind("failure", progress.failure())
                .bind("at", time(progress.at()))
                .add();
    }

    private static OffsetDateTime time(String text) {
        return text == null ? null : Instant.parse(text).atOffset(ZoneOffset.UTC);
    }
}
