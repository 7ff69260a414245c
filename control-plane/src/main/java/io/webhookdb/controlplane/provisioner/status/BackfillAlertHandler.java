package io.webhookdb.controlplane.provisioner.status;

import io.webhookdb.controlplane.provisioner.alerts.Alerts;
import io.webhookdb.controlplane.provisioner.alerts.BackfillAlerts;
import io.webhookdb.controlplane.provisioner.alerts.BackfillAlerts.Subject;
import io.webhookdb.schemas.status.BackfillProgress;
import io.webhookdb.schemas.status.StatusReport;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Tells people of backfills that failed; a report that comes again is known. */
final class BackfillAlertHandler implements StatusHandler {
    @Override
    public boolean takes(StatusReport report) {
        return report instanceof BackfillProgress progress
                && progress.state() == BackfillProgress.State.FAILED;
    }

    @Override
    public void apply(List<StatusReport> reports, Handle handle) {
        for (StatusReport report : reports) {
            BackfillProgress progress = (BackfillProgress) report;
            BackfillAlerts.of(progress, subject(handle, progress.integration()))
                    .ifPresent(alert -> Alerts.raise(handle, alert));
        }
    }

    private static Subject subject(Handle handle, String integration) {
        return handle.createQuery(
                        "SELECT i.service_name, coalesce(d.definition::jsonb ->> 'singular',"
                                + " i.service_name) FROM integrations i JOIN definitions d ON"
                                + " d.hash = i.definition_hash WHERE i.opaque_id = :id")
                .bind("id", integration)
                .map((row, context) -> new Subject(row.getString(1), row.getString(2)))
                .findOne()
                .orElse(new Subject("", ""));
    }
}
