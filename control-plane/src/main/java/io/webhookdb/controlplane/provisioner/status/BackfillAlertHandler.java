package io.webhookdb.controlplane.provisioner.status;

import io.webhookdb.controlplane.provisioner.alerts.Alerts;
import io.webhookdb.controlplane.provisioner.alerts.BackfillAlerts;
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
            BackfillAlerts.of((BackfillProgress) report)
                    .ifPresent(alert -> Alerts.raise(handle, alert));
        }
    }
}
