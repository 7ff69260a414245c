package io.webhookdb.connectors.replica;

import java.util.function.LongSupplier;

/**
 * Says which rows may wait in heap. An organization whose database answers but is outrun slows the
 * input down; one whose database does not never does: its rows are parked. For the task thread
 * alone.
 */
final class HeapGate {
    private final ReplicaWriterSettings settings;
    private final Lanes lanes;
    private final LaneScheduler scheduler;
    private final long most;
    private final LongSupplier clock;
    private final Runnable wait;

    /**
     * @param most bytes of all rows that wait
     * @param clock milliseconds
     * @param wait lets ends of batches pass, or a moment
     */
    HeapGate(
            ReplicaWriterSettings settings,
            Lanes lanes,
            LaneScheduler scheduler,
            long most,
            LongSupplier clock,
            Runnable wait) {
        this.settings = settings;
        this.lanes = lanes;
        this.scheduler = scheduler;
        this.most = most;
        this.clock = clock;
        this.wait = wait;
    }

    /** Whether half of it is taken. */
    boolean isShort() {
        return lanes.heap() >= most / 2;
    }

    /** Whether a row must not stay in heap. May wait, while its database answers. */
    boolean mustPark(Lane lane) {
        Tenant tenant = scheduler.tenant(lane);
        if (!tenant.breaker().isClosed() || !lane.breaker().isClosed() || lanes.heap() >= most) {
            return true;
        }
        while (tenant.heap() >= settings.heapPerOrganization()) {
            if (tenant.inFlight() == 0
                    || !tenant.isWell(clock.getAsLong(), settings.slow().toMillis())) {
                return true;
            }
            wait.run();
        }
        return false;
    }
}
