package io.webhookdb.controlplane.provisioner.alerts;

import io.webhookdb.controlplane.provisioner.alerts.AlertPolicy.Sync;
import io.webhookdb.controlplane.provisioner.alerts.AlertPolicy.Traffic;
import io.webhookdb.controlplane.provisioner.periodic.PeriodicTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Looks at what was reported lately and raises alerts. Costs what happened lately costs. */
public final class AlertWatch {
    static final int WINDOW_MINUTES = 10;

    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final String TRAFFIC =
            "SELECT i.organization_id, i.opaque_id, i.service_name, coalesce(m.received, 0) AS"
                + " received, coalesce(m.rejected, 0) AS rejected, coalesce(d.dead, 0) AS dead FROM"
                + " (SELECT integration, sum(received)::bigint AS received, sum(rejected)::bigint"
                + " AS rejected FROM integration_minutes WHERE minute > now() - make_interval(mins"
                + " => :minutes) GROUP BY integration HAVING sum(rejected) >= :rejected) m FULL"
                + " JOIN (SELECT integration, count(*) AS dead FROM dead_letters WHERE state ="
                + " 'dead' AND died_at > now() - make_interval(mins => :minutes) GROUP BY"
                + " integration HAVING count(*) >= :dead) d ON d.integration = m.integration JOIN"
                + " integrations i ON i.opaque_id = coalesce(m.integration, d.integration) AND"
                + " i.state = 'active'";
    private static final String SYNCS =
            "SELECT p.organization_id, p.target, p.integration, p.failures, p.failure FROM"
                + " sync_progress p JOIN control_documents c ON c.key = 'sync_target/' || p.target"
                + " AND c.state = 'active' WHERE p.failures >= :failures AND p.reported_at > now()"
                + " - interval '1 day'";

    private AlertWatch() {}

    /** The task. */
    public static PeriodicTask task(Jdbi jdbi) {
        return new PeriodicTask("alert-watch", PERIOD, () -> look(jdbi));
    }

    private static void look(Jdbi jdbi) {
        List<Alert> alerts = jdbi.withHandle(AlertWatch::due);
        alerts.forEach(alert -> jdbi.useTransaction(handle -> Alerts.raise(handle, alert)));
    }

    private static List<Alert> due(Handle handle) {
        List<Alert> alerts = new ArrayList<>();
        handle.createQuery(TRAFFIC)
                .bind("minutes", WINDOW_MINUTES)
                .bind("rejected", AlertPolicy.REJECTED_LEAST)
                .bind("dead", AlertPolicy.DEAD_LEAST)
                .map(
                        (row, context) ->
                                new Traffic(
                                        row.getLong("organization_id"),
                                        row.getString("opaque_id"),
                                        row.getString("service_name"),
                                        row.getLong("received"),
                                        row.getLong("rejected"),
                                        row.getLong("dead")))
                .forEach(
                        traffic -> {
                            AlertPolicy.rejected(traffic).ifPresent(alerts::add);
                            AlertPolicy.dead(traffic).ifPresent(alerts::add);
                        });
        handle.createQuery(SYNCS)
                .bind("failures", AlertPolicy.SYNC_FAILURES)
                .map(
                        (row, context) ->
                                new Sync(
                                        row.getLong("organization_id"),
                                        row.getString("target"),
                                        row.getString("integration"),
                                        row.getInt("failures"),
                                        row.getString("failure")))
                .forEach(sync -> AlertPolicy.failing(sync).ifPresent(alerts::add));
        return alerts;
    }
}
