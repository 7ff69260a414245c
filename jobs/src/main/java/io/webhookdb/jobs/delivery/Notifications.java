package io.webhookdb.jobs.delivery;

import io.webhookdb.connectors.control.ControlDirectory;
import io.webhookdb.connectors.functions.UserFunctions;
import io.webhookdb.connectors.statefun.FunctionMessage;
import io.webhookdb.connectors.webhook.Delivery;
import io.webhookdb.connectors.webhook.Delivery.Cause;
import io.webhookdb.connectors.webhook.WebhookModule;
import io.webhookdb.schemas.catalog.RemoteKey;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.change.NotificationBody;
import io.webhookdb.schemas.change.RowChange;
import io.webhookdb.schemas.change.RowForm;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.schemas.control.SubscriptionControl.Ordering;
import io.webhookdb.schemas.trace.TraceContext;
import java.util.EnumMap;
import java.util.Map;

/** Deliveries of one change. Its body is written once for each form that is asked for. */
final class Notifications {
    private final RowChange change;
    private final TraceContext trace;
    private final RemoteKey key;
    private final long changedAt;
    private final Map<RowForm, byte[]> bodies = new EnumMap<>(RowForm.class);

    /**
     * @param trace the change's; null if it is in none
     * @param directory where the service's remote key is found
     * @param changedAt when the change was announced, milliseconds since the epoch
     */
    Notifications(
            RowChange change, TraceContext trace, ControlDirectory directory, long changedAt) {
        this.change = change;
        this.trace = trace;
        this.key = key(change, directory);
        this.changedAt = changedAt;
    }

    /** Whether a subscription of the change's scope wants it. */
    boolean isFor(SubscriptionControl subscription) {
        return subscription.state() == State.ACTIVE
                && subscription.settings().filter().accepts(change);
    }

    /** The message that has it delivered, or seen by the subscription's function first. */
    FunctionMessage to(SubscriptionControl subscription, Cause cause) {
        boolean ordered = subscription.ordering() == Ordering.ORDERED;
        byte[] body =
                bodies.computeIfAbsent(
                        subscription.settings().rowForm(),
                        form -> NotificationBody.of(change, key, form));
        String row = change.integration() + "/" + change.remoteKey();
        Delivery delivery =
                Delivery.fresh(
                                subscription.id(),
                                change.organization(),
                                change.integration(),
                                change.id(),
                                ordered ? Delivery.Kind.ORDERED : Delivery.Kind.PARALLEL,
                                cause,
                                changedAt,
                                ordered ? "row/" + row : "change/" + change.id(),
                                body)
                        .in(trace);
        return subscription.settings().function() == null
                ? WebhookModule.message(delivery)
                : UserFunctions.message(delivery, row);
    }

    private static RemoteKey key(RowChange change, ControlDirectory directory) {
        IntegrationControl integration = directory.integration(change.integration());
        ServiceDefinition definition =
                integration == null ? null : directory.definition(integration.definition());
        return definition == null ? null : definition.key();
    }
}
