package io.webhookdb.controlplane.provisioner;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Which subtasks have nothing of an earlier epoch on its way any more. */
final class EpochReports {
    private EpochReports() {}

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
