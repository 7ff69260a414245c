package io.webhookdb.connectors.replica;

import java.util.function.LongSupplier;

/**
 * Says which rows may wait in heap. An organization whose database answers but is outrun slows the
 * input down, and so do many of them together; one whose database does not answer never does: its
 * rows are parked, which costs three times as much as waiting. For the task thread alone.
 */
final class HeapGate {
    /** Between looks at all organizations. */
    private static final long LOOK_MILLIS = 200;

    /** Alone, an organization comes to a quarter of the whole. */
    private static final int SHARE_OF_FREE = 3;

    private final ReplicaWriterSettings settings;
    private final Lanes lanes;
    private final LaneScheduler scheduler;
    private final long most;
    private final LongSupplier clock;
    private final Runnable wait;
    private long lookedAt = Long.MIN_VALUE / 2;
    private boolean mostlyOfWell;

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

    /** Bytes of all rows that may wait. */
    long most() {
        return most;
    }

    /**
     * Whether a lane's rows should not wait for company, to make room: where half of the heap is
     * taken, or half of what its organization may take, those of the lanes that hold more than
     * others. Were all of them to go, each would be a small batch, and the room would be taken
     * again before the next one of the same lane.
     */
    boolean mustMakeRoom(Lane lane) {
        long organization = lane.key().organization();
        long ofTenant = scheduler.tenant(lane).heap();
        return isLarge(lane, lanes.count(), lanes.heap(), most)
                || isLarge(lane, lanes.ofOrganization(organization).size(), ofTenant, share());
    }

    private static boolean isLarge(Lane lane, long count, long taken, long most) {
        return taken >= most / 2 && lane.weight() * count >= taken;
    }

    /** Whether a row must not stay in heap. May wait, while its database answers. */
    boolean mustPark(Lane lane) {
        Tenant tenant = scheduler.tenant(lane);
        if (!tenant.breaker().isClosed() || !lane.breaker().isClosed()) {
            return true;
        }
        while (isFull(tenant)) {
            if (!mayWait(tenant)) {
                return true;
            }
            wait.run();
        }
        return false;
    }

    private boolean isFull(Tenant tenant) {
        return hasItsShare(tenant) || lanes.heap() >= most;
    }

    private boolean hasItsShare(Tenant tenant) {
        return tenant.heap() >= share();
    }

    /**
     * An organization that is alone may take a good part of what is free: the rows of its many
     * tables would make tiny batches otherwise. Where others need room it has to do with less.
     */
    private long share() {
        return Math.max(settings.heapPerOrganization(), (most - lanes.heap()) / SHARE_OF_FREE);
    }

    private boolean mayWait(Tenant tenant) {
        long now = clock.getAsLong();
        if (!tenant.isWell(now, settings.slow().toMillis())) {
            return false;
        }
        return hasItsShare(tenant)
                ? tenant.inFlight() > 0
                : scheduler.hasWellInFlight(now) && isMostlyOfWell(now);
    }

    /** Batches of databases that answer make room only if it is theirs. */
    private boolean isMostlyOfWell(long now) {
        if (now - lookedAt >= LOOK_MILLIS) {
            lookedAt = now;
            mostlyOfWell = scheduler.heapOfWell(now) >= most / 2;
        }
        return mostlyOfWell;
    }
}
