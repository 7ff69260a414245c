package io.webhookdb.schemas.control;

/**
 * An order to deliver changes again that were announced in a window of time.
 *
 * @param id opaque id, {@code rcv_...}
 * @param organization numeric id of its organization
 * @param revision grows with every change
 * @param state active; deleted once it is done or cancelled
 * @param subscription opaque id of the subscription that gets them
 * @param change id of the only change that is wanted; null for every change of the window
 * @param afterMillis first time of announcement, inclusive, milliseconds since the epoch
 * @param beforeMillis last time of announcement, exclusive, milliseconds since the epoch
 */
public record RecoveryControl(
        String id,
        long organization,
        long revision,
        State state,
        String subscription,
        String change,
        long afterMillis,
        long beforeMillis)
        implements ControlRecord {

    /** The last record. */
    public RecoveryControl ended() {
        return new RecoveryControl(
                id,
                organization,
                revision + 1,
                State.DELETED,
                subscription,
                change,
                afterMillis,
                beforeMillis);
    }

    @Override
    public String key() {
        return "recovery/" + id;
    }
}
