package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.replica.BatchOutcome.Scope;
import io.webhookdb.connectors.replica.Lane.Standing;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Decides which lane's batch starts next. Organizations take turns, each with few batches in
 * flight, and with several batches in a row while connections are scarce; those whose databases
 * fail or are slow share a few threads of their own, so that the others never wait for them. Times
 * are milliseconds of the caller's clock. Not thread-safe.
 */
final class LaneScheduler {
    /** Which threads run a batch. */
    enum Pool {
        WELL,
        SLOW,
        /** Attempts on a database whose last batch failed. */
        PROBE
    }

    /**
     * A lane whose batch is to start.
     *
     * @param number of its own
     */
    record Start(Lane lane, Pool pool, long number) {}

    private record Wakeup(long at, long organization, Lane lane) {}

    /** Batches of one organization after another while logins are dear. */
    private static final int MOST_IN_A_TURN = 8;

    private final ReplicaWriterSettings settings;
    private final Crowding crowding;
    private final Map<Long, Tenant> tenants = new HashMap<>();
    private final Map<Pool, Deque<Tenant>> offered = new EnumMap<>(Pool.class);
    private final Map<Pool, Integer> free = new EnumMap<>(Pool.class);
    private final Set<Start> running = new HashSet<>();
    private final PriorityQueue<Wakeup> wakeups =
            new PriorityQueue<>(Comparator.comparingLong(Wakeup::at));
    private long starts;

    LaneScheduler(ReplicaWriterSettings settings, Crowding crowding) {
        this.settings = settings;
        this.crowding = crowding;
        for (Pool pool : Pool.values()) {
            offered.put(pool, new ArrayDeque<>());
        }
        free.put(Pool.WELL, settings.threads());
        free.put(Pool.SLOW, settings.threadsForSlow());
        free.put(Pool.PROBE, settings.threadsForProbes());
    }

    Tenant tenant(Lane lane) {
        return tenants.computeIfAbsent(
                lane.key().organization(), organization -> new Tenant(newBreaker()));
    }

    Breaker newBreaker() {
        return new Breaker(settings.firstRetry(), settings.longestRetry());
    }

    /** Plans a batch of a resting lane, unless an earlier one is planned. */
    void plan(Lane lane, long at, long now) {
        if (lane.standing() != Standing.RESTING || lane.dueAt() <= at) {
            return;
        }
        if (at <= now) {
            enqueue(lane, now);
        } else {
            lane.dueAt(at);
            wakeups.add(new Wakeup(at, lane.key().organization(), lane));
        }
    }

    /** The next batch to start, if a thread is free for it, which is taken until it has ended. */
    Optional<Start> next(long now) {
        wake(now);
        for (Pool pool : Pool.values()) {
            Deque<Tenant> turn = offered.get(pool);
            while (free.get(pool) > 0 && !turn.isEmpty()) {
                Tenant tenant = turn.poll();
                tenant.taken();
                if (tenant.mayStart(now, mostInFlight(tenant, now))) {
                    return Optional.of(start(tenant, pool, now));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * A batch ended; call after the breakers know how.
     *
     * @param took how long the database took
     */
    void ended(Start start, long now, long took) {
        tenant(start.lane()).took(took);
        skipped(start, now);
    }

    /** There was nothing to start after all. */
    void skipped(Start start, long now) {
        Tenant tenant = tenant(start.lane());
        running.remove(start);
        free.merge(start.pool(), 1, Integer::sum);
        tenant.ended(start);
        offer(tenant, start.lane().key().organization(), now);
    }

    /** Tells the breakers that a batch passed. */
    void passed(Lane lane) {
        tenant(lane).breaker().succeeded();
        lane.breaker().succeeded();
    }

    /**
     * Tells the breakers that a batch failed. A failure of a table shows that its database answers.
     *
     * @return whether what failed had done well before
     */
    boolean failed(Lane lane, Scope scope, long now) {
        Breaker ofDatabase = tenant(lane).breaker();
        if (scope == Scope.TABLE) {
            ofDatabase.succeeded();
        }
        Breaker breaker = scope == Scope.TABLE ? lane.breaker() : ofDatabase;
        boolean first = breaker.isClosed();
        breaker.failed(now);
        return first;
    }

    /** The cause of an organization's failures may be gone. */
    void retry(long organization, long now) {
        Tenant tenant = tenants.get(organization);
        if (tenant != null) {
            tenant.breaker().retryNow();
            offer(tenant, organization, now);
        }
    }

    /** Batches in flight of databases that answer well. */
    boolean hasWellInFlight(long now) {
        return running.stream()
                .anyMatch(start -> tenant(start.lane()).isWell(now, settings.slow().toMillis()));
    }

    /** Bytes of rows in heap whose databases answer well. Looks at every organization. */
    long heapOfWell(long now) {
        return tenants.values().stream()
                .filter(tenant -> tenant.isWell(now, settings.slow().toMillis()))
                .mapToLong(Tenant::heap)
                .sum();
    }

    /** When {@link #next} may have something new. */
    OptionalLong nextWakeup() {
        return wakeups.isEmpty() ? OptionalLong.empty() : OptionalLong.of(wakeups.peek().at());
    }

    /** Forgets organizations without anything to do. */
    void forgetIdle() {
        tenants.values().removeIf(tenant -> tenant.isIdle() && !tenant.isOffered());
    }

    private void wake(long now) {
        while (!wakeups.isEmpty() && wakeups.peek().at() <= now) {
            Wakeup wakeup = wakeups.poll();
            if (wakeup.lane() == null) {
                Tenant tenant = tenants.get(wakeup.organization());
                if (tenant != null) {
                    offer(tenant, wakeup.organization(), now);
                }
            } else if (wakeup.lane().standing() == Standing.RESTING
                    && wakeup.lane().dueAt() == wakeup.at()) {
                enqueue(wakeup.lane(), now);
            }
        }
    }

    private void enqueue(Lane lane, long now) {
        lane.dueAt(Long.MAX_VALUE);
        lane.standing(Standing.QUEUED);
        Tenant tenant = tenant(lane);
        tenant.queue().add(lane);
        offer(tenant, lane.key().organization(), now);
    }

    private void offer(Tenant tenant, long organization, long now) {
        if (tenant.isOffered() || tenant.queue().isEmpty()) {
            return;
        }
        if (tenant.mayStart(now, mostInFlight(tenant, now))) {
            Deque<Tenant> turn = offered.get(pool(tenant, now));
            if (crowding.millis(now) > 0 && tenant.goesOn(MOST_IN_A_TURN)) {
                turn.addFirst(tenant);
            } else {
                turn.addLast(tenant);
                tenant.newTurn();
            }
            tenant.offered();
        } else if (now < tenant.breaker().retryAt() && !tenant.breaker().isClosed()) {
            wakeups.add(new Wakeup(tenant.breaker().retryAt(), organization, null));
        }
    }

    private Start start(Tenant tenant, Pool pool, long now) {
        Lane lane = tenant.queue().poll();
        lane.standing(Standing.RESTING);
        Start start = new Start(lane, pool, ++starts);
        free.merge(pool, -1, Integer::sum);
        running.add(start);
        tenant.started(start, now);
        offer(tenant, lane.key().organization(), now);
        return start;
    }

    private Pool pool(Tenant tenant, long now) {
        if (!tenant.breaker().isClosed()) {
            return Pool.PROBE;
        }
        return tenant.isWell(now, settings.slow().toMillis()) ? Pool.WELL : Pool.SLOW;
    }

    /** A second batch at once would need a second login. */
    private int mostInFlight(Tenant tenant, long now) {
        return tenant.breaker().isClosed() && crowding.millis(now) == 0
                ? settings.batchesPerOrganization()
                : 1;
    }
}
