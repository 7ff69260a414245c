package io.webhookdb.controlplane.api.integrations;

import io.webhookdb.controlplane.api.provisioned.Entities;
import io.webhookdb.controlplane.database.ControlDocuments.Document;
import io.webhookdb.controlplane.database.OpaqueIds;
import io.webhookdb.schemas.control.BackfillControl;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.control.ControlRecord.State;
import java.util.Optional;

/** Orders to fetch what vendors' APIs list. */
final class Backfills {
    private static final String KIND = "backfill";

    private final Entities entities;

    Backfills(Entities entities) {
        this.entities = entities;
    }

    /** A new order, for which everything needed is stored. */
    Entities.Changed<BackfillControl> order(
            Integration integration, Extent extent, Children children) {
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
                        null),
                "");
    }

    /** An order of that integration. */
    Optional<Document<BackfillControl>> find(Integration integration, String id) {
        return entities.find(integration.organization(), KIND + "/" + id, BackfillControl.class)
                .filter(found -> found.record().integration().equals(integration.opaqueId()));
    }
}
