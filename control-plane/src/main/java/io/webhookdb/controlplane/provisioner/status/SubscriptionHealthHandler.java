package io.webhookdb.controlplane.provisioner.status;

import io.webhookdb.schemas.status.DeliveryAttempt;
import io.webhookdb.schemas.status.DeliveryAttempt.Outcome;
import io.webhookdb.schemas.status.StatusReport;
import java.time.OffsetDateTime;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * What deliveries to each subscription came to: the newest attempt, the last success, and since
 * when nothing succeeded. {@link SubscriptionWatch} draws the conclusions. Tests count for nothing.
 */
final class SubscriptionHealthHandler implements StatusHandler {
    /** Attempts of one subscription may overtake each other; a success ends what failed before. */
    private static final String UPSERT =
            "INSERT INTO subscription_health AS h (subscription, organization_id, last_attempt_at,"
                + " last_outcome, last_status, last_success_at, failing_since, gone_at) VALUES"
                + " (:subscription, :organization, :at, :outcome, :status, :success, :failure,"
                + " :gone) ON CONFLICT (subscription) DO UPDATE SET last_outcome = CASE WHEN"
                + " excluded.last_attempt_at >= h.last_attempt_at THEN excluded.last_outcome ELSE"
                + " h.last_outcome END, last_status = CASE WHEN excluded.last_attempt_at >="
                + " h.last_attempt_at THEN excluded.last_status ELSE h.last_status END,"
                + " last_attempt_at = greatest(h.last_attempt_at, excluded.last_attempt_at),"
                + " last_success_at = greatest(h.last_success_at, excluded.last_success_at),"
                + " failing_since = CASE WHEN excluded.last_success_at IS NOT NULL THEN CASE WHEN"
                + " h.failing_since > excluded.last_success_at THEN h.failing_since END WHEN"
                + " excluded.failing_since <= h.last_success_at THEN h.failing_since ELSE"
                + " least(h.failing_since, excluded.failing_since) END, gone_at ="
                + " greatest(h.gone_at, excluded.gone_at)";

    @Override
    public boolean takes(StatusReport report) {
        return report instanceof DeliveryAttempt attempt && !attempt.test();
    }

    @Override
    public void apply(List<StatusReport> reports, Handle handle) {
        PreparedBatch batch = handle.prepareBatch(UPSERT);
        for (StatusReport report : reports) {
            DeliveryAttempt attempt = (DeliveryAttempt) report;
            OffsetDateTime at = Times.of(attempt.at());
            boolean delivered = attempt.outcome() == Outcome.DELIVERED;
            batch.bind("subscription", attempt.subscription())
                    .bind("organization", attempt.organization())
                    .bind("at", at)
                    .bind("outcome", attempt.outcome().word())
                    .bind("status", attempt.status())
                    .bind("success", delivered ? at : null)
                    .bind("failure", delivered ? null : at)
                    .bind("gone", attempt.outcome() == Outcome.GONE ? at : null)
                    .add();
        }
        batch.execute();
    }
}
