package io.webhookdb.connectors.statefun;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Which addresses with messages are in state only, since heap has no room for them, and when to
 * look for them there. Plain data of {@link CallScheduler}; times are milliseconds of its clock.
 */
final class LeftInState {
    private static final long LEAST_MILLIS = 200;

    /** Looking takes a tenth of the time at most. */
    private static final int TIMES_AS_LONG = 10;

    private final FunctionHostSettings settings;
    private final Set<CallLane> lanes = new LinkedHashSet<>();
    private boolean any;
    private long lookFrom;

    LeftInState(FunctionHostSettings settings) {
        this.settings = settings;
    }

    /** Addresses of any lane may be left. */
    void add() {
        any = true;
    }

    /** Addresses of a lane are left. */
    void add(CallLane lane) {
        lanes.add(lane);
    }

    boolean has(CallLane lane) {
        return lanes.contains(lane);
    }

    boolean isEmpty() {
        return !any && lanes.isEmpty();
    }

    /** Whether it is time to look, with so many addresses in heap. */
    boolean wantsLook(int inHeap, long now) {
        return now >= lookFrom && mayLook(inHeap);
    }

    /** When to look; {@link Long#MAX_VALUE} while there is no reason to. */
    long lookFrom(int inHeap) {
        return mayLook(inHeap) ? lookFrom : Long.MAX_VALUE;
    }

    /**
     * Begins a look.
     *
     * @return the lanes of which addresses were left
     */
    Set<CallLane> looking() {
        any = false;
        Set<CallLane> former = Set.copyOf(lanes);
        lanes.clear();
        return former;
    }

    void looked(Duration took, long now) {
        lookFrom = now + Math.max(LEAST_MILLIS, TIMES_AS_LONG * took.toMillis());
    }

    private boolean mayLook(int inHeap) {
        if (any && inHeap <= settings.mostWaiting() / 2) {
            return true;
        }
        // Asked for every message; a stream would cost more than it reads better.
        for (CallLane lane : lanes) {
            if (hasRunDry(lane)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasRunDry(CallLane lane) {
        return lane.failures > 0
                ? lane.inHeap() + lane.inFlight == 0
                : lane.inHeap() <= lane.room(settings) / 2;
    }
}
