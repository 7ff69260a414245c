package io.webhookdb.controlplane.provisioner;

import io.webhookdb.schemas.control.ControlRecord.State;

/** What an entity on the list needs next. One thing at a time; it is looked at again after. */
enum Decision {
    /** A server for its database. */
    PLACE,
    /** Its database or table. */
    BUILD,
    /** Another name for its table, which has to be there before anyone is told of it. */
    RENAME,
    /** A table for the keys of rows that are deleted for good, before anyone deletes so. */
    BURY,
    /** Columns that came into the catalogue. */
    EXTEND,
    /**
     * Its control record ahead of its table, which does not come: what vendors send is kept
     * meanwhile.
     */
    ANNOUNCE,
    /** Its control record. */
    PUBLISH,
    /** The end of its table, now that everyone has been told. */
    DROP,
    /** It ended before anyone was told of its organization, so it never had a table. */
    FORGET,
    /** Its organization comes first. */
    WAIT,
    /** Nothing: off the list. */
    DONE;

    /** Whether it changes what the organization's database holds. */
    boolean touchesTable() {
        return this == BUILD
                || this == RENAME
                || this == BURY
                || this == EXTEND
                || this == DROP;
    }

    static Decision of(OrganizationRow organization) {
        if (organization.database().isEmpty()) {
            return PLACE;
        }
        if (!organization.databaseReady()) {
            return BUILD;
        }
        return organization.revision() > organization.publishedRevision() ? PUBLISH : DONE;
    }

    static Decision of(IntegrationRow integration) {
        boolean told = integration.organization().publishedRevision() > 0;
        if (integration.state() == State.DELETED) {
            return ofDeleted(integration, told);
        }
        boolean late =
                integration.overdue() && integration.revision() > integration.publishedRevision();
        if (!told) {
            return late ? ANNOUNCE : WAIT;
        }
        if (!integration.tableReady()) {
            return late ? ANNOUNCE : BUILD;
        }
        if (!integration.builtTable().equals(integration.table())) {
            return RENAME;
        }
        if (integration.lacksTombstones()) {
            return BURY;
        }
        if (integration.wantedDefinition().isPresent()) {
            return EXTEND;
        }
        return integration.revision() > integration.publishedRevision() ? PUBLISH : DONE;
    }

    static Decision of(DocumentRow document) {
        if (!document.organizationTold()) {
            return WAIT;
        }
        return document.revision() > document.publishedRevision() ? PUBLISH : DONE;
    }

    private static Decision ofDeleted(IntegrationRow integration, boolean told) {
        boolean known = told || integration.publishedRevision() > 0;
        if (known && integration.revision() > integration.publishedRevision()) {
            return PUBLISH;
        }
        if (integration.tableDropped()) {
            return DONE;
        }
        return told ? DROP : FORGET;
    }
}
