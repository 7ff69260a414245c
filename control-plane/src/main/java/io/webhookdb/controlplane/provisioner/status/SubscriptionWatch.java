package io.webhookdb.controlplane.provisioner.status;

import io.webhookdb.controlplane.database.ControlDocuments;
import io.webhookdb.controlplane.database.ControlDocuments.Document;
import io.webhookdb.controlplane.provisioner.alerts.Alert;
import io.webhookdb.controlplane.provisioner.alerts.AlertKind;
import io.webhookdb.controlplane.provisioner.alerts.Alerts;
import io.webhookdb.controlplane.provisioner.periodic.PeriodicTask;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.schemas.control.SubscriptionControl.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Pauses subscriptions nobody reads any more: the receiver answered 410, or nothing was delivered
 * for {@link #PATIENCE}. What changes meanwhile is kept like that of any paused subscription. The
 * admins are told.
 */
public final class SubscriptionWatch {
    static final Duration PATIENCE = Duration.ofDays(5);

    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Class<SubscriptionControl> TYPE = SubscriptionControl.class;

    private final Jdbi jdbi;

    private SubscriptionWatch(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** The task. */
    public static PeriodicTask task(Jdbi jdbi) {
        return new PeriodicTask("subscription-watch", PERIOD, new SubscriptionWatch(jdbi)::look);
    }

    /**
     * A subscription to pause.
     *
     * @param gone whether the receiver said so itself
     */
    private record Lost(String subscription, long organization, boolean gone) {}

    private void look() {
        lost().forEach(lost -> jdbi.useTransaction(handle -> pause(handle, lost)));
    }

    private List<Lost> lost() {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "SELECT subscription, organization_id, gone_at >"
                                                + " coalesce(disabled_at, '-infinity') IS TRUE FROM"
                                                + " subscription_health WHERE gone_at >"
                                                + " coalesce(disabled_at, '-infinity') OR"
                                                + " last_attempt_at - failing_since >"
                                                + " make_interval(secs => :patience) LIMIT 100")
                                .bind("patience", (double) PATIENCE.toSeconds())
                                .map(
                                        (row, context) ->
                                                new Lost(
                                                        row.getString(1),
                                                        row.getLong(2),
                                                        row.getBoolean(3)))
                                .list());
    }

    private static void pause(Handle handle, Lost lost) {
        String why =
                lost.gone()
                        ? "the receiver answered 410 Gone"
                        : "no delivery succeeded for " + PATIENCE.toDays() + " days";
        handle.execute(
                "UPDATE subscription_health SET disabled_at = now(), disabled_because = ?,"
                        + " failing_since = NULL WHERE subscription = ?",
                why,
                lost.subscription());
        Optional<Document<SubscriptionControl>> known =
                ControlDocuments.find(
                        handle, lost.organization(), "subscription/" + lost.subscription(), TYPE);
        if (known.isEmpty() || known.get().record().delivery() == Delivery.PAUSE) {
            return;
        }
        Alerts.raise(handle, alert(known.get().record(), why));
        // Last: it takes the lock that keeps the list in order.
        ControlDocuments.change(
                handle,
                lost.organization(),
                "subscription/" + lost.subscription(),
                TYPE,
                SubscriptionWatch::paused);
    }

    private static Document<SubscriptionControl> paused(Document<SubscriptionControl> found) {
        return new Document<>(
                found.id(),
                found.record().delivering(Delivery.PAUSE),
                found.shown(),
                found.createdAt());
    }

    private static Alert alert(SubscriptionControl subscription, String why) {
        return new Alert(
                AlertKind.DISABLED_SUBSCRIPTION,
                subscription.organization(),
                subscription.integration(),
                subscription.id(),
                "Nothing more is sent to " + subscription.url(),
                "The webhook subscription "
                        + subscription.id()
                        + " to "
                        + subscription.url()
                        + " was deactivated: "
                        + why
                        + ". Changes are kept. Mend the receiver and resume the subscription, or"
                        + " delete it.",
                Map.of("subscription", subscription.id(), "url", subscription.url(), "why", why));
    }
}
