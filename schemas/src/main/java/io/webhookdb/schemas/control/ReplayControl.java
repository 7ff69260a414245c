package io.webhookdb.schemas.control;

import com.fasterxml.jackson.annotation.JsonInclude;

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
 * @param requests which of the requests of that time
 * @param event id of the only one; null for all
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReplayControl(
        String id,
        long organization,
        long revision,
        State state,
        String integration,
        long afterMicros,
        long beforeMicros,
        Requests requests,
        String event)
        implements ControlRecord {

    public ReplayControl {
        requests = requests == null ? Requests.ALL : requests;
    }

    /** Which requests of a time. */
    public enum Requests {
        ALL,
        /** Those that were accepted. */
        ACCEPTED,
        /** Those that were rejected: each is verified again with the present secret. */
        REJECTED
    }

    /** The last record. */
    public ReplayControl ended() {
        return new ReplayControl(
                id,
                organization,
                revision + 1,
                State.DELETED,
                integration,
                afterMicros,
                beforeMicros,
                requests,
                event);
    }

    @Override
    public String key() {
        return "replay/" + id;
    }
}
