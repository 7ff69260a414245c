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
                    new Rule("replays", "updated_at", 90),
                    new Rule("backfill_repairs", "reported_at", 35),
                    new Rule("vendor_connections", "created_at", 1));

    /** What is kept of entities only as long as there are those, with the condition of the rest. */
    private static final List<Orphans> ORPHANS =
            List.of(
                    new Orphans(
                            "sync_progress",
                            "reported_at",
                            "NOT EXISTS (SELECT FROM control_documents c WHERE c.key ="
                                    + " 'sync_target/' || t.target AND c.state = 'active')"),
                    new Orphans(
                            "subscription_health",
                            "last_attempt_at",
                            "NOT EXISTS (SELECT FROM control_documents c WHERE c.key ="
                                    + " 'subscription/' || t.subscription AND c.state ="
                                    + " 'active')"),
                    new Orphans(
                            "backfill_runs",
                            "reported_at",
                            "NOT EXISTS (SELECT FROM integrations i WHERE i.opaque_id ="
                                    + " t.integration AND i.state = 'active')"));

    private Retention() {}

    private record Rule(String table, String column, int days) {}

    private record Orphans(String table, String time, String condition) {}

    /** The task. */
    public static PeriodicTask task(Jdbi jdbi) {
        return new PeriodicTask("status-retention", PERIOD, () -> prune(jdbi));
    }

    static void prune(Jdbi jdbi) {
        for (Rule rule : RULES) {
            String old = rule.column() + " < now() - make_interval(days => " + rule.days() + ")";
            delete(jdbi, rule.table(), old);
        }
        for (Orphans orphans : ORPHANS) {
            // Late reports of what was just deleted would come back, so it is given a day.
            delete(
                    jdbi,
                    orphans.table(),
                    "t."
                            + orphans.time()
                            + " < now() - interval '1 day' AND "
                            + orphans.condition());
        }
    }

    private static void delete(Jdbi jdbi, String table, String condition) {
        String sql =
                "DELETE FROM "
                        + table
                        + " WHERE ctid = ANY (ARRAY(SELECT t.ctid FROM "
                        + table
                        + " t WHERE "
                        + condition
                        + " LIMIT "
                        + AT_ONCE
                        + "))";
        int gone;
        do {
            gone = jdbi.withHandle(handle -> handle.execute(sql));
        } while (gone == AT_ONCE && !Thread.currentThread().isInterrupted());
    }
}
