package io.webhookdb.connectors.replica;

import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;

/** What a control record changes for lanes that wait or fail. For the task thread alone. */
final class ControlReactions {
    private final Lanes lanes;
    private final LaneScheduler scheduler;
    private final BatchPump pump;

    ControlReactions(Lanes lanes, LaneScheduler scheduler, BatchPump pump) {
        this.lanes = lanes;
        this.scheduler = scheduler;
        this.pump = pump;
    }

    void react(ControlRecord record, long now) throws Exception {
        if (record instanceof OrganizationControl organization) {
            react(organization, now);
        }
        if (record instanceof IntegrationControl integration) {
            retry(lanes.ofIntegration(integration.id()), now);
        }
        lanes.awaited(record.key()).forEach(lane -> scheduler.plan(lane, now, now));
        pump.pump(now);
    }

    private void react(OrganizationControl organization, long now) {
        scheduler.retry(organization.id(), now);
        // The database may be another one, with other faults.
        retry(lanes.ofOrganization(organization.id()), now);
        // A deleted organization ends any other wait, too.
        lanes.ofOrganization(organization.id()).stream()
                .filter(lane -> lane.awaits() != null)
                .forEach(lane -> scheduler.plan(lane, now, now));
    }

    private void retry(Iterable<Lane> mended, long now) {
        for (Lane lane : mended) {
            lane.breaker().retryNow();
            pump.plan(lane, now);
        }
    }
}
