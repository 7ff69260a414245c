package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.control.ControlDirectory;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.control.SyncTargetControl;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What control says about sync targets. */
final class SyncContext {
    private final ControlDirectory directory;
    private final Map<String, SyncTargetControl> targets = new HashMap<>();
    private final Map<LaneTarget, Optional<Known>> known = new HashMap<>();

    /**
     * Everything a lane needs to go on.
     *
     * @param target the target
     * @param source the table its rows come from
     * @param generation names the table and its shape: if it changes, existing rows are read anew
     */
    record Known(SyncTargetControl target, ReplicaPages.Source source, String generation) {
        SyncTable table() {
            return source.table();
        }

        String integration() {
            return table().integration();
        }
    }

    SyncContext(ControlDirectory directory) {
        this.directory = directory;
        directory.records().forEach(this::apply);
    }

    /** Takes a record in that the directory has taken in. */
    void apply(ControlRecord record) {
        known.clear();
        if (record instanceof SyncTargetControl target) {
            targets.put(target.id(), target);
        }
    }

    /** Whether the target, its integration, or this way to share its rows is known to be gone. */
    boolean isDeleted(LaneTarget lane) {
        SyncTargetControl control = targets.get(lane.target());
        if (control == null) {
            return false;
        }
        String id = lane.integrationOf(control);
        IntegrationControl integration = id == null ? null : directory.integration(id);
        return control.state() == State.DELETED
                || lane.lanes().since() < control.settings().lanes().since()
                || (integration != null && integration.state() == State.DELETED);
    }

    /** The organization of a target that is known, also of one that is deleted. */
    long organization(LaneTarget lane) {
        return targets.get(lane.target()).organization();
    }

    /** Whether a record may change what a lane does. */
    boolean concerns(ControlRecord record, LaneTarget lane) {
        SyncTargetControl control = targets.get(lane.target());
        if (record instanceof SyncTargetControl target) {
            return target.id().equals(lane.target());
        }
        if (record instanceof IntegrationControl integration) {
            return control == null || integration.id().equals(lane.integrationOf(control));
        }
        if (record instanceof OrganizationControl organization) {
            return control == null || organization.id() == control.organization();
        }
        if (record instanceof DefinitionControl definition) {
            IntegrationControl integration =
                    control == null ? null : directory.integration(lane.integrationOf(control));
            return integration == null || definition.hash().equals(integration.definition());
        }
        return false;
    }

    /** Empty while a record is missing, or if target, integration or organization is deleted. */
    Optional<Known> of(LaneTarget lane) {
        return known.computeIfAbsent(lane, this::find);
    }

    private Optional<Known> find(LaneTarget lane) {
        SyncTargetControl control = targets.get(lane.target());
        if (control == null
                || control.state() == State.DELETED
                // Routers may know of other lanes first.
                || lane.lanes().since() != control.settings().lanes().since()
                || lane.integrationOf(control) == null) {
            return Optional.empty();
        }
        IntegrationControl integration = directory.integration(lane.integrationOf(control));
        OrganizationControl organization = directory.organization(control.organization());
        if (integration == null
                || organization == null
                || integration.state() == State.DELETED
                || organization.state() == State.DELETED) {
            return Optional.empty();
        }
        ServiceDefinition definition = directory.definition(integration.definition());
        if (definition == null) {
            return Optional.empty();
        }
        SyncTable table =
                new SyncTable(
                        integration.id(),
                        definition,
                        integration.table(),
                        control.schema() == null || control.schema().isEmpty()
                                ? "public"
                                : control.schema(),
                        control.table() == null || control.table().isEmpty()
                                ? integration.table()
                                : control.table(),
                        SyncTable.Resource.PRESENT,
                        control.settings().deletes());
        String shape = control.settings().shape();
        String generation =
                String.join(
                                "\n",
                                Long.toString(integration.epoch()),
                                integration.definition(),
                                table.source(),
                                table.schema(),
                                table.table(),
                                control.kind().name())
                        + (shape.isEmpty() ? "" : "\n" + shape);
        return Optional.of(
                new Known(control, new ReplicaPages.Source(organization, table), generation));
    }
}
