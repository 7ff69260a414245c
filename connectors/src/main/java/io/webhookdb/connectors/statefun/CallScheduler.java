package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.statefun.CallsInFlight.Pace;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Decides which address is called next. Lanes take turns; a lane that is slow, fails or has much to
 * do takes nothing from others. What does not fit into its bounds is left in state, and {@link
 * #wantsRefill} says when to look for it. Not thread-safe; times are milliseconds of one clock.
 */
final class CallScheduler {
    private static final int LARGEST_SHIFT = 20;

    /** A lane may have this part of the bytes in flight. */
    private static final int LANES_BYTES = 8;

    private final FunctionHostSettings settings;
    private final LaneLimit limit;
    private final Map<String, CallLane> lanes = new HashMap<>();

    /** Where each address in heap is: waiting, retrying or in flight. */
    private final Map<String, CallLane> addresses = new HashMap<>();

    private final CallsInFlight calls;
    private final LeftInState left;
    private final Deque<CallLane> well = new ArrayDeque<>();
    private final Deque<CallLane> slow = new ArrayDeque<>();
    private final PriorityQueue<Wakeup> wakeups =
            new PriorityQueue<>(Comparator.comparingLong(Wakeup::at));

    /**
     * An address to call.
     *
     * @param address as {@link FunctionAddress#text}
     */
    record Start(String address) {}

    private record Wakeup(long at, CallLane lane, String address) {}

    /** How many calls of a lane may be in flight. */
    interface LaneLimit {
        /**
         * @param usual the limit where nothing is said of the lane
         */
        int mostInFlight(String lane, int usual);
    }

    CallScheduler(FunctionHostSettings settings, LaneLimit limit) {
        this.settings = settings;
        this.limit = limit;
        this.calls = new CallsInFlight(settings);
        this.left = new LeftInState(settings);
    }

    /** Notes that an address has messages that wait. */
    void offer(String address, String laneName, long now) {
        if (addresses.containsKey(address)) {
            return;
        }
        if (addresses.size() >= settings.mostWaiting()) {
            left.add();
            return;
        }
        CallLane lane = lanes.computeIfAbsent(laneName, CallLane::new);
        if (lane.inHeap() >= lane.room(settings)) {
            left.add(lane);
            return;
        }
        addresses.put(address, lane);
        lane.waiting.addLast(address);
        queue(lane, now);
    }

    /** Whether an address will be called without being offered again, unless its lane fails. */
    boolean isInHeap(String address) {
        return addresses.containsKey(address);
    }

    /** The next address to call, if one may be called now. It counts as in flight from here on. */
    Optional<Start> next(long now) {
        wake(now);
        calls.noticeSlow(now).forEach(address -> addresses.get(address).slow = true);
        if (inFlight() >= 2 * settings.mostInFlight()) {
            return Optional.empty();
        }
        CallLane lane = calls.hasPlaceForFast() ? poll(well, now) : null;
        boolean isSlow = false;
        if (lane == null && calls.hasPlaceForSlow()) {
            lane = poll(slow, now);
            isSlow = true;
        }
        if (lane == null) {
            return Optional.empty();
        }
        String address = lane.waiting.pollFirst();
        lane.inFlight++;
        calls.started(address, isSlow ? Pace.SLOW : Pace.FAST, now);
        queue(lane, now);
        return Optional.of(new Start(address));
    }

    /** Says how large a call is that {@link #next} gave. */
    void sized(String address, long bytes) {
        addresses.get(address).bytes += calls.sized(address, bytes);
    }

    /** Notes that a call ended well, and that its lane is well. */
    void ended(String address, Standing standing, long now) {
        long startedAt = landed(address);
        CallLane lane = addresses.remove(address);
        lane.failures = 0;
        lane.closedUntil = 0;
        lane.slow = now - startedAt >= settings.slow().toMillis();
        if (standing == Standing.HAS_MORE) {
            addresses.put(address, lane);
            lane.waiting.addLast(address);
        }
        settle(lane, now);
    }

    /** Whether an address has more messages. */
    enum Standing {
        HAS_MORE,
        DONE
    }

    /** Notes that a call failed for its own sake: only the address waits. */
    void failed(String address, int failures, long now) {
        landed(address);
        CallLane lane = addresses.get(address);
        lane.failures = 0;
        lane.closedUntil = 0;
        lane.retrying++;
        wakeups.add(new Wakeup(now + backoff(failures), lane, address));
        settle(lane, now);
    }

    /**
     * Notes that a call failed for its lane's sake: all of the lane waits.
     *
     * @return how often in a row the lane failed
     */
    int laneFailed(String address, long now) {
        landed(address);
        CallLane lane = addresses.get(address);
        lane.waiting.addFirst(address);
        if (lane.closedUntil <= now) {
            lane.failures++;
            lane.closedUntil = now + backoff(lane.failures);
            wakeups.add(new Wakeup(lane.closedUntil, lane, null));
        }
        while (lane.waiting.size() > 1) {
            // The dead must not fill the heap; they are in state.
            addresses.remove(lane.waiting.pollLast());
            left.add(lane);
        }
        settle(lane, now);
        return lane.failures;
    }

    /** Whether it is time to offer again what waits in state only. */
    boolean wantsRefill(long now) {
        return left.wantsLook(addresses.size(), now);
    }

    /**
     * Begins a look through the state.
     *
     * @see #refilled
     */
    void refilling() {
        for (CallLane lane : left.looking()) {
            if (lane.isIdle()) {
                lanes.remove(lane.name);
            }
        }
    }

    /** Ends a look through the state, and sees to it that looking takes a tenth of the time. */
    void refilled(Duration took, long now) {
        left.looked(took, now);
    }

    /** Whether more addresses fit in. */
    boolean isFull() {
        return addresses.size() >= settings.mostWaiting();
    }

    /** Notes that state may hold messages nobody offered: after a restore. */
    void mayHaveMissed() {
        left.add();
    }

    /** When to ask {@link #next} again, without anything having happened. */
    long nextWakeup() {
        long wakeup = wakeups.isEmpty() ? Long.MAX_VALUE : wakeups.peek().at();
        wakeup = Math.min(wakeup, left.lookFrom(addresses.size()));
        if (!well.isEmpty()) {
            // All fast places are taken: in a moment those calls are ended, or slow.
            wakeup = Math.min(wakeup, calls.nextSlowAt());
        }
        return wakeup;
    }

    int inFlight() {
        return calls.count();
    }

    int inHeap() {
        return addresses.size();
    }

    boolean isIdle() {
        return addresses.isEmpty() && left.isEmpty();
    }

    private void wake(long now) {
        while (!wakeups.isEmpty() && wakeups.peek().at() <= now) {
            Wakeup wakeup = wakeups.poll();
            CallLane lane = wakeup.lane();
            if (wakeup.address() != null) {
                lane.retrying--;
                lane.waiting.addLast(wakeup.address());
            }
            queue(lane, now);
        }
    }

    private long landed(String address) {
        CallsInFlight.Landed call = calls.landed(address);
        CallLane lane = addresses.get(address);
        lane.inFlight--;
        lane.bytes -= call.bytes();
        return call.startedAt();
    }

    private void settle(CallLane lane, long now) {
        if (lane.isIdle() && !left.has(lane)) {
            lanes.remove(lane.name);
        } else {
            queue(lane, now);
        }
    }

    private CallLane poll(Deque<CallLane> turn, long now) {
        CallLane lane = turn.pollFirst();
        while (lane != null) {
            lane.queued = false;
            boolean isRightTurn = lane.slow == (turn == slow);
            if (isRightTurn && mayCall(lane, now)) {
                return lane;
            }
            queue(lane, now);
            lane = turn.pollFirst();
        }
        return null;
    }

    private boolean mayCall(CallLane lane, long now) {
        int most = lane.failures > 0 ? 1 : settings.mostInFlightPerLane();
        boolean hasPlace =
                lane.inFlight < most
                        && (lane.inFlight == 0
                                || lane.inFlight < limit.mostInFlight(lane.name, most))
                        && (lane.inFlight == 0
                                || lane.bytes < settings.mostInFlightBytes() / LANES_BYTES);
        return hasPlace && !lane.waiting.isEmpty() && lane.closedUntil <= now;
    }

    private void queue(CallLane lane, long now) {
        if (lane.queued || !mayCall(lane, now)) {
            return;
        }
        lane.queued = true;
        (lane.slow ? slow : well).addLast(lane);
    }

    private long backoff(int failures) {
        long first = settings.firstRetry().toMillis();
        return Math.min(
                settings.longestRetry().toMillis(),
                first << Math.min(LARGEST_SHIFT, Math.max(0, failures - 1)));
    }
}
