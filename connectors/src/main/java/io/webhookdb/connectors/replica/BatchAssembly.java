package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.control.ControlDirectory;
import io.webhookdb.connectors.replica.Lane.Kept;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.control.OrganizationControl.Writing;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Makes a lane's next batch, from heap and keyed state. */
final class BatchAssembly {
    private final ReplicaWriterSettings settings;
    private final ControlDirectory directory;
    private final Lanes lanes;
    private final ParkedRows parked;
    private final LongConsumer dropped;

    /**
     * @param dropped told how many rows were dropped because their integration is deleted
     */
    BatchAssembly(
            ReplicaWriterSettings settings,
            ControlDirectory directory,
            Lanes lanes,
            ParkedRows parked,
            LongConsumer dropped) {
        this.settings = settings;
        this.directory = directory;
        this.lanes = lanes;
        this.parked = parked;
        this.dropped = dropped;
    }

    /** The batch; empty if there is nothing to write, or a control record to wait for. */
    Optional<Batch> batch(Lane lane) throws Exception {
        lanes.stopWaiting(lane);
        IntegrationControl integration = directory.integration(lane.key().integration());
        OrganizationControl organization = directory.organization(lane.key().organization());
        if (isDeleted(integration, organization)) {
            drop(lane);
            return Optional.empty();
        }
        refill(lane);
        Optional<SourcedRow> first = lane.first();
        if (first.isEmpty()) {
            return Optional.empty();
        }
        String hash = first.get().update().definition();
        ServiceDefinition definition = directory.definition(hash);
        if (integration == null) {
            return awaiting(lane, IntegrationControl.key(lane.key().integration()));
        }
        if (organization == null || organization.writing() == Writing.HELD) {
            return awaiting(lane, OrganizationControl.key(lane.key().organization()));
        }
        if (definition == null) {
            return awaiting(lane, DefinitionControl.key(hash));
        }
        List<SourcedRow> rows =
                lanes.take(
                        lane,
                        settings.mostBatchBytes(),
                        row -> row.update().definition().equals(hash));
        return Optional.of(
                new Batch(
                        organization,
                        definition,
                        integration.table(),
                        integration.deletion(),
                        rows));
    }

    private Optional<Batch> awaiting(Lane lane, String controlKey) {
        lanes.await(lane, controlKey);
        return Optional.empty();
    }

    private static boolean isDeleted(
            IntegrationControl integration, OrganizationControl organization) {
        return (integration != null && integration.state() == State.DELETED)
                || (organization != null && organization.state() == State.DELETED);
    }

    /**
     * Half of a batch at least is for parked rows, or new ones would keep them waiting for ever.
     */
    private void refill(Lane lane) throws Exception {
        int room = settings.mostRows() - Math.min(lane.waiting(), settings.mostRows() / 2);
        if (lane.parkedAlone() > 0 && lane.waiting() <= settings.mostRows() / 2) {
            for (SourcedRow row : parked.some(lane, room)) {
                lanes.add(lane, row, Kept.ALSO_IN_STATE);
            }
        }
    }

    private void drop(Lane lane) throws Exception {
        long rows = lane.waiting() + lane.parking().rows();
        lanes.release(lane);
        parked.clear(lane);
        dropped.accept(rows);
    }
}
