package io.webhookdb.controlplane.provisioner;

import io.webhookdb.schemas.control.ControlRecord.State;

/**
 * A view as it is wanted.
 *
 * @param name checked by who stored it; quoted all the same
 * @param sql one SELECT statement that the reader could run
 * @param everBuilt whether the organization's database had it at some time
 */
record SavedViewRow(
        long id,
        OrganizationRow organization,
        String name,
        String sql,
        State state,
        long revision,
        long builtRevision,
        boolean everBuilt) {

    boolean asWanted() {
        return builtRevision >= revision;
    }
}
