package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.replica.BatchOutcome.Failure;
import io.webhookdb.connectors.replica.BatchOutcome.Scope;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Draws the consequences of a batch's end: settled rows leave keyed state, unwritten ones enter it,
 * breakers open and close, and a database that fails keeps nothing in heap.
 */
final class Settlement {
    private static final Logger LOGGER = LoggerFactory.getLogger(Settlement.class);

    private final ReplicaWriterSettings settings;
    private final Lanes lanes;
    private final LaneScheduler scheduler;
    private final ParkedRows parked;

    Settlement(
            ReplicaWriterSettings settings,
            Lanes lanes,
            LaneScheduler scheduler,
            ParkedRows parked) {
        this.settings = settings;
        this.lanes = lanes;
        this.scheduler = scheduler;
        this.parked = parked;
    }

    void settle(Lane lane, Batch batch, BatchOutcome outcome, long now) throws Exception {
        parked.settle(lane, outcome.applied());
        parked.settle(lane, outcome.stale());
        parked.settle(lane, outcome.refused().stream().map(BatchOutcome.Refused::row).toList());
        lane.landed(batch.rows(), now);
        lane.limit(
                outcome.failure() == null
                        ? Math.min(settings.mostRows(), lane.limit() * 2)
                        : Math.max(1, batch.rows().size() / 2));
        boolean wasFailing = !scheduler.tenant(lane).breaker().isClosed();
        if (outcome.failure() == null) {
            scheduler.passed(lane);
        } else {
            failed(lane, outcome, now);
        }
        if (wasFailing && scheduler.tenant(lane).breaker().isClosed()) {
            long organization = lane.key().organization();
            MDC.put("organization", Long.toString(organization));
            try {
                LOGGER.info("Organization {}: database answers again", organization);
            } finally {
                MDC.remove("organization");
            }
        }
    }

    private static void warn(LaneKey key, Failure failure) {
        MDC.put("organization", Long.toString(key.organization()));
        MDC.put("integration", key.integration());
        try {
            LOGGER.warn(
                    "Organization {}, integration {}: {} failure, rows are parked: {}",
                    key.organization(),
                    key.integration(),
                    failure.kind(),
                    failure.message());
        } finally {
            MDC.remove("organization");
            MDC.remove("integration");
        }
    }

    private void failed(Lane lane, BatchOutcome outcome, long now) throws Exception {
        Failure failure = outcome.failure();
        boolean first = scheduler.failed(lane, failure.scope(), now);
        if (first) {
            warn(lane.key(), failure);
        }
        parked.park(lane, outcome.unwritten());
        boolean wholeDatabase = failure.scope() == Scope.DATABASE && first;
        Collection<Lane> affected =
                wholeDatabase ? lanes.ofOrganization(lane.key().organization()) : List.of(lane);
        for (Lane each : affected) {
            parked.park(each, each.keepInState());
            lanes.release(each);
        }
    }
}
