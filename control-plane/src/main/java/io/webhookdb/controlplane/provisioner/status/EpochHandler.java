package io.webhookdb.controlplane.provisioner.status;

import io.webhookdb.controlplane.database.ProvisioningQueue;
import io.webhookdb.schemas.status.EpochReached;
import io.webhookdb.schemas.status.StatusReport;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Notes which subtasks have nothing of an earlier epoch on its way any more. Reports on epochs that
 * nobody waits for mean nothing.
 */
final class EpochHandler implements StatusHandler {
    @Override
    public boolean takes(StatusReport report) {
        return report instanceof EpochReached;
    }

    @Override
    public void apply(List<StatusReport> reports, Handle handle) {
        int noted = 0;
        for (StatusReport report : reports) {
            noted += note((EpochReached) report, handle);
        }
        if (noted > 0) {
            ProvisioningQueue.wake(handle);
        }
    }

    private static int note(EpochReached report, Handle handle) {
        return handle.execute(
                "INSERT INTO epoch_reports (organization_id, epoch, subtask, subtasks) SELECT"
                    + " organization_id, epoch, ?, ? FROM organization_databases WHERE"
                    + " organization_id = ? AND epoch = ? AND held ON CONFLICT (organization_id,"
                    + " epoch, subtask) DO UPDATE SET subtasks = excluded.subtasks, reported_at ="
                    + " now()",
                report.subtask(),
                report.subtasks(),
                report.organization(),
                report.epoch());
    }
}
