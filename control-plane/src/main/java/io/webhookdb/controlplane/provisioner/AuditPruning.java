package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.provisioner.periodic.PeriodicTask;
import java.time.Duration;
import org.jdbi.v3.core.Jdbi;

/** Ends entries of the audit log when they are old enough, in small transactions. */
final class AuditPruning {
    private static final Duration PERIOD = Duration.ofHours(1);
    private static final int AT_ONCE = 5_000;

    private AuditPruning() {}

    static PeriodicTask task(Jdbi jdbi, Duration kept) {
        return new PeriodicTask("audit-pruning", PERIOD, () -> prune(jdbi, kept));
    }

    static void prune(Jdbi jdbi, Duration kept) {
        int ended;
        do {
            ended = pruneSome(jdbi, kept);
        } while (ended == AT_ONCE && !Thread.currentThread().isInterrupted());
    }

    private static int pruneSome(Jdbi jdbi, Duration kept) {
        return jdbi.withHandle(
                handle ->
                        handle.createUpdate(
                                        "DELETE FROM audit_log WHERE id IN (SELECT id FROM"
                                            + " audit_log WHERE at < now() - make_interval(secs =>"
                                            + " :seconds) ORDER BY at LIMIT :limit)")
                                .bind("seconds", (double) kept.toSeconds())
                                .bind("limit", AT_ONCE)
                                .execute());
    }
}
