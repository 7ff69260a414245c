package io.webhookdb.controlplane.database;

import io.webhookdb.schemas.control.BackfillControl;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.ErrorHandlerControl;
import io.webhookdb.schemas.control.RecoveryControl;
import io.webhookdb.schemas.control.ReplayControl;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.schemas.control.SyncTargetControl;

/** The last record of an entity: deleted, one revision later, its secrets gone. */
public final class Ended {
    private Ended() {}

    /** The last record of any entity that is its own control record. */
    public static ControlRecord record(ControlRecord record) {
        if (record instanceof SubscriptionControl subscription) {
            return subscription(subscription);
        }
        if (record instanceof SyncTargetControl target) {
            return target(target);
        }
        if (record instanceof ErrorHandlerControl handler) {
            return handler(handler);
        }
        if (record instanceof BackfillControl order) {
            return new BackfillControl(
                    order.id(),
                    order.organization(),
                    order.revision() + 1,
                    State.DELETED,
                    order.integration(),
                    order.extent(),
                    order.children(),
                    order.criteria());
        }
        if (record instanceof ReplayControl order) {
            return order.ended();
        }
        if (record instanceof RecoveryControl order) {
            return order.ended();
        }
        throw new IllegalArgumentException(record.key() + " does not end like this");
    }

    /** The last record. */
    public static SubscriptionControl subscription(SubscriptionControl record) {
        return record.ended();
    }

    /** The last record. */
    public static SyncTargetControl target(SyncTargetControl record) {
        return record.ended();
    }

    /** The last record. */
    public static ErrorHandlerControl handler(ErrorHandlerControl record) {
        return new ErrorHandlerControl(
                record.id(), record.organization(), record.revision() + 1, State.DELETED, null);
    }
}
