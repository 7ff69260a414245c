package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.control.ControlDirectory;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
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
    private final Map<String, Optional<Known>> known = new HashMap<>();

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

    /** Whether the target is known to be gone. */
    boolean isDeleted(String target) {
        SyncTargetControl control = targets.get(target);
        return control != null && control.state() == State.DELETED;
    }

    /** Empty while a record is missing, or if target, integration or organization is deleted. */
    Optional<Known> of(String target) {
        return known.computeIfAbsent(target, this::find);
    }

    private Optional<Known> find(String target) {
        SyncTargetControl control = targets.get(target);
        if (control == null || control.state() == State.DELETED) {
            return Optional.empty();
        }
        IntegrationControl integration = directory.integration(control.integration());
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
                                : control.table());
        String generation =
                String.join(
                        "\n",
                        Long.toString(integration.epoch()),
                        integration.definition(),
                        table.source(),
                        table.schema(),
                        table.table(),
                        control.kind().name());
        return Optional.of(
                new Known(control, new ReplicaPages.Source(organization, table), generation));
    }
}
