package io.webhookdb.controlplane.provisioner.status;

import io.webhookdb.controlplane.provisioner.periodic.PeriodicTask;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/**
 * Forgets what is older than anyone asks for, in small statements, so that nothing waits for it.
 */
public final class Retention {
    private static final Duration PERIOD = Duration.ofMinutes(5);
    private static final int AT_ONCE = 5_000;

    /** Tables, the condition under which a row goes, and for how many days it stays. */
    private static final List<Rule> RULES =
            List.of(
                    new Rule("integration_minutes", "minute", 35),
                    // From when it was stored: after an outage old minutes come late.
                    new Rule("integration_minute_reports", "stored_at", 1),
                    new Rule("integration_requests", "at", 7),
                    new Rule("dead_letters", "died_at", 30),
                    new Rule("alerts", "raised_at", 90),
                    new Rule("alert_marks", "raised_at", 2),
                    new Rule("replays", "updated_at", 90));

    private Retention() {}

    private record Rule(String table, String column, int days) {}

    /** The task. */
    public static PeriodicTask task(Jdbi jdbi) {
        return new PeriodicTask("status-retention", PERIOD, () -> prune(jdbi));
    }

    private static void prune(Jdbi jdbi) {
        for (Rule rule : RULES) {
            int gone;
            do {
                gone = prune(jdbi, rule);
            } while (gone == AT_ONCE && !Thread.currentThread().isInterrupted());
        }
    }

    private static int prune(Jdbi jdbi, Rule rule) {
        String sql =
                "DELETE FROM "
                        + rule.table()
                        + " WHERE ctid = ANY (ARRAY(SELECT ctid FROM "
                        + rule.table()
                        + " WHERE "
                        + rule.column()
                        + " < now() - make_interval(days => ?) LIMIT ?))";
        return jdbi.withHandle(handle -> handle.execute(sql, rule.days(), AT_ONCE));
    }
}
