package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.provisioner.OrganizationRow.DatabaseRow;
import java.time.Instant;
import java.util.Optional;

/**
 * The move of an organization to another database.
 *
 * @param organization with the database it has now
 * @param target the database it is to have; its epoch is the one at which writers were held, 0
 *     before
 * @param failure why it is given up; empty while it is not
 * @param heldAt since when writers wait
 */
record MigrationRow(
        long id,
        OrganizationRow organization,
        State state,
        DatabaseRow target,
        Optional<String> failure,
        Optional<Instant> heldAt) {

    /** How far it is. */
    enum State {
        ENQUEUED,
        /** Tables are copied while the old database is written. */
        COPYING,
        /** Writers were told to wait. */
        HOLDING,
        /** Nobody writes: the rest is copied. */
        SWITCHING,
        FINISHED,
        FAILED
    }

    /** Whether writers wait for the end. */
    boolean holds() {
        return state == State.HOLDING || state == State.SWITCHING;
    }

    @Override
    public String toString() {
        return "migration " + id + " of organization " + organization.id();
    }
}
