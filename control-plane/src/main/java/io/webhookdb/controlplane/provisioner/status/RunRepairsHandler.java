package io.webhookdb.controlplane.provisioner.status;

import io.webhookdb.schemas.status.RunRepairs;
import io.webhookdb.schemas.status.StatusReport;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** How many rows backfills changed. */
final class RunRepairsHandler implements StatusHandler {
    private static final String UPSERT =
            "INSERT INTO backfill_repairs AS r (run, started_at, integration, reporter,"
                    + " organization_id, repaired) VALUES (:run, :started, :integration, :reporter,"
                    + " :organization, :repaired) ON CONFLICT (run, started_at, integration,"
                    + " reporter) DO UPDATE SET repaired = greatest(r.repaired, excluded.repaired),"
                    + " reported_at = now()";

    @Override
    public boolean takes(StatusReport report) {
        return report instanceof RunRepairs;
    }

    @Override
    public void apply(List<StatusReport> reports, Handle handle) {
        PreparedBatch batch = handle.prepareBatch(UPSERT);
        for (StatusReport report : reports) {
            RunRepairs repairs = (RunRepairs) report;
            batch.bind("run", repairs.run())
                    .bind(
                            "started",
                            Instant.ofEpochMilli(repairs.startedAtMillis())
                                    .atOffset(ZoneOffset.UTC))
                    .bind("integration", repairs.integration())
                    .bind("reporter", repairs.reporter())
                    .bind("organization", repairs.organization())
                    .bind("repaired", repairs.repaired())
                    .add();
        }
        batch.execute();
    }
}
