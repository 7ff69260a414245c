package io.webhookdb.schemas.control;

/**
 * An order to process stored requests again.
 *
 * @param id opaque id, {@code rpl_...}
 * @param organization numeric id of its organization
 * @param revision grows with every change
 * @param state active; deleted once cancelled
 * @param integration opaque id; null for every integration of the organization
 * @param afterMicros first time of receipt, inclusive, microseconds since the epoch
 * @param beforeMicros last time of receipt, exclusive, microseconds since the epoch
 */
public record ReplayControl(
        String id,
        long organization,
        long revision,
        State state,
        String integration,
        long afterMicros,
        long beforeMicros)
        implements ControlRecord {

    @Override
    public String key() {
        return "replay/" + id;
    }
}
