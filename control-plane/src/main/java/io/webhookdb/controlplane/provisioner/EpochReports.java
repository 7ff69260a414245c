package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.ProvisioningQueue;
import io.webhookdb.schemas.status.EpochReached;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Which subtasks have nothing of an earlier epoch on its way any more. */
final class EpochReports {
    private EpochReports() {}

    /** Notes reports on epochs that somebody waits for; others mean nothing any more. */
    static void note(Handle handle, EpochReached report) {
        int noted =
                handle.execute(
                        "INSERT INTO epoch_reports (organization_id, epoch, subtask, subtasks)"
                            + " SELECT organization_id, epoch, ?, ? FROM organization_databases"
                            + " WHERE organization_id = ? AND epoch = ? AND held ON CONFLICT"
                            + " (organization_id, epoch, subtask) DO UPDATE SET subtasks ="
                            + " excluded.subtasks, reported_at = now()",
                        report.subtask(),
                        report.subtasks(),
                        report.organization(),
                        report.epoch());
        if (noted > 0) {
            ProvisioningQueue.wake(handle);
        }
    }

    /**
     * Whether every subtask of the job reported, the job taken as large as who reported last says.
     */
    static boolean complete(Handle handle, long organization, long epoch) {
        List<Integer> sizes =
                handle.createQuery(
                                "SELECT subtasks FROM epoch_reports WHERE organization_id ="
                                        + " :organization AND epoch = :epoch ORDER BY reported_at"
                                        + " DESC")
                        .bind("organization", organization)
                        .bind("epoch", epoch)
                        .mapTo(Integer.class)
                        .list();
        return !sizes.isEmpty()
                && sizes.stream().filter(sizes.get(0)::equals).count() == sizes.get(0);
    }

    /** Forgets what nobody waits for. */
    static void forget(Handle handle, long organization) {
        handle.execute("DELETE FROM epoch_reports WHERE organization_id = ?", organization);
    }
}
