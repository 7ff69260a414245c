package io.webhookdb.controlplane.provisioner;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends entries of the audit log when they are old enough, in small transactions. */
final class AuditPruning implements LeaderWork.Running {
    private static final Logger LOG = LoggerFactory.getLogger(AuditPruning.class);
    private static final int AT_ONCE = 5_000;

    private final Jdbi jdbi;
    private final Duration kept;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "audit-pruning");
                        thread.setDaemon(true);
                        return thread;
                    });

    private AuditPruning(Jdbi jdbi, Duration kept) {
        this.jdbi = jdbi;
        this.kept = kept;
    }

    static AuditPruning start(Jdbi jdbi, Duration kept) {
        AuditPruning pruning = new AuditPruning(jdbi, kept);
        pruning.timer.scheduleWithFixedDelay(pruning::prune, 0, 60, TimeUnit.MINUTES);
        return pruning;
    }

    private void prune() {
        try {
            int ended;
            do {
                ended = pruneSome(jdbi, kept);
            } while (ended == AT_ONCE);
        } catch (RuntimeException e) {
            LOG.warn("The audit log is pruned in an hour: {}", e.getMessage());
        }
    }

    static int pruneSome(Jdbi jdbi, Duration kept) {
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

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
