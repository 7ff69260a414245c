package io.webhookdb.schemas.control;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An order to fetch what a vendor's API lists.
 *
 * @param id opaque id, {@code bfj_...}
 * @param organization numeric id of its organization
 * @param revision grows with every change
 * @param state active; deleted once cancelled
 * @param integration opaque id of the integration to fill
 * @param extent everything, or what changed since the last time
 * @param children whether integrations that depend on this one are filled after it
 * @param criteria closed restrictions the service understands; null for none
 */
public record BackfillControl(
        String id,
        long organization,
        long revision,
        State state,
        String integration,
        Extent extent,
        Children children,
        JsonNode criteria)
        implements ControlRecord {

    /** How much is fetched. */
    public enum Extent {
        FULL,
        INCREMENTAL
    }

    /** Whether dependents follow. */
    public enum Children {
        INCLUDED,
        LEFT_OUT
    }

    @Override
    public String key() {
        return "backfill/" + id;
    }
}
