package io.webhookdb.controlplane.api.integrations;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.api.provisioned.Entities;
import io.webhookdb.controlplane.database.Ended;
import io.webhookdb.controlplane.database.OpaqueIds;
import io.webhookdb.schemas.control.BackfillControl;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.control.ControlRecord.State;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Orders to fetch what vendors' APIs list. */
final class Backfills {
    private static final String KIND = "backfill";

    private final Jdbi jdbi;
    private final Entities entities;

    Backfills(Jdbi jdbi, Entities entities) {
        this.jdbi = jdbi;
        this.entities = entities;
    }

    /** A new order, for which everything needed is stored. */
    Entities.Changed<BackfillControl> order(
            Integration integration, Extent extent, Children children) {
        return order(integration, extent, children, null);
    }

    /** The same, restricted to criteria that the service can do; null is no restriction. */
    Entities.Changed<BackfillControl> order(
            Integration integration, Extent extent, Children children, JsonNode criteria) {
        return entities.create(
                integration.organization(),
                integration.opaqueId(),
                new BackfillControl(
                        OpaqueIds.next("bfj"),
                        integration.organization(),
                        1,
                        State.ACTIVE,
                        integration.opaqueId(),
                        extent,
                        children,
                        criteria),
                "");
    }

    /** Runs of that integration: its schedule's, then orders, the newest first. */
    List<BackfillRun> all(Integration integration) {
        return jdbi.withHandle(handle -> BackfillRun.all(handle, integration));
    }

    /** The newest order, also one that has ended; empty if there was none. */
    Optional<BackfillRun> newest(Integration integration) {
        return all(integration).stream().filter(run -> !run.schedule()).findFirst();
    }

    /** An order or the schedule of that integration. */
    Optional<BackfillRun> find(Integration integration, String id) {
        return jdbi.withHandle(handle -> BackfillRun.find(handle, integration, id));
    }

    /** Ends an order early; empty if it has ended already. */
    Optional<Entities.Changed<BackfillControl>> cancel(Integration integration, String id) {
        return entities.delete(
                integration.organization(),
                KIND + "/" + id,
                BackfillControl.class,
                order -> (BackfillControl) Ended.record(order));
    }
}
