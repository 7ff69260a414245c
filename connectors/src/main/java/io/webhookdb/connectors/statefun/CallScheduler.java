package io.webhookdb.connectors.statefun;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

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

    /** Calls in flight that are not known to be slow, oldest first. */
    private final LinkedHashMap<String, Call> fastCalls = new LinkedHashMap<>();

    private final Map<String, Call> slowCalls = new HashMap<>();
    private final Set<CallLane> overflowing = new LinkedHashSet<>();
    private final Deque<CallLane> well = new ArrayDeque<>();
    private final Deque<CallLane> slow = new ArrayDeque<>();
    private final PriorityQueue<Wakeup> wakeups =
            new PriorityQueue<>(Comparator.comparingLong(Wakeup::at));
    private boolean overflown;
    private long refillFrom;
    private long bytesInFlight;
    private long slowBytes;

    /**
     * An address to call.
     *
     * @param address as {@link FunctionAddress#text}
     */
    record Start(String address) {}

    private record Wakeup(long at, CallLane lane, String address) {}

    private static final class Call {
        private final long startedAt;
        private long bytes;

        private Call(long startedAt) {
            this.startedAt = startedAt;
        }
    }

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
    }

    /** Notes that an address has messages that wait. */
    void offer(String address, String laneName, long now) {
        if (addresses.containsKey(address)) {
            return;
        }
        if (addresses.size() >= settings.mostWaiting()) {
            overflown = true;
            return;
        }
        CallLane lane = lanes.computeIfAbsent(laneName, CallLane::new);
        if (lane.inHeap() >= room(lane)) {
            overflowing.add(lane);
            return;
        }
        addresses.put(address, lane);
        lane.waiting.addLast(address);
        queue(lane, now);
    }

    /** The next address to call, if one may be called now. It counts as in flight from here on. */
    Optional<Start> next(long now) {
        wake(now);
        notice(now);
        if (inFlight() >= 2 * settings.mostInFlight()) {
            return Optional.empty();
        }
        CallLane lane = hasPlaceForWell() ? poll(well, now) : null;
        boolean isSlow = false;
        if (lane == null && hasPlaceForSlow()) {
            lane = poll(slow, now);
            isSlow = true;
        }
        if (lane == null) {
            return Optional.empty();
        }
        String address = lane.waiting.pollFirst();
        lane.inFlight++;
        (isSlow ? slowCalls : fastCalls).put(address, new Call(now));
        queue(lane, now);
        return Optional.of(new Start(address));
    }

    /** Says how large a call is that {@link #next} gave. */
    void sized(String address, long bytes) {
        boolean isSlow = slowCalls.containsKey(address);
        Call call = (isSlow ? slowCalls : fastCalls).get(address);
        long more = bytes - call.bytes;
        bytesInFlight += more;
        slowBytes += isSlow ? more : 0;
        addresses.get(address).bytes += more;
        call.bytes = bytes;
    }

    /** Notes that a call ended well, and that its lane is well. */
    void ended(String address, Standing standing, long now) {
        Call call = landed(address);
        CallLane lane = addresses.remove(address);
        lane.failures = 0;
        lane.closedUntil = 0;
        lane.slow = now - call.startedAt >= settings.slow().toMillis();
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
            overflowing.add(lane);
        }
        settle(lane, now);
        return lane.failures;
    }

    /** Whether it is time to offer again what waits in state only. */
    boolean wantsRefill(long now) {
        return now >= refillFrom && mayRefill();
    }

    /**
     * Begins a look through the state.
     *
     * @see #refilled
     */
    void refilling() {
        overflown = false;
        for (CallLane lane : overflowing) {
            if (lane.isIdle()) {
                lanes.remove(lane.name);
            }
        }
        overflowing.clear();
    }

    /** Ends a look through the state, and sees to it that looking takes a tenth of the time. */
    void refilled(Duration took, long now) {
        refillFrom = now + Math.max(200, 10 * took.toMillis());
    }

    /** Whether more addresses fit in. */
    boolean isFull() {
        return addresses.size() >= settings.mostWaiting();
    }

    /** Notes that state may hold messages nobody offered: after a restore. */
    void mayHaveMissed() {
        overflown = true;
    }

    /** When to ask {@link #next} again, without anything having happened. */
    long nextWakeup() {
        long wakeup = wakeups.isEmpty() ? Long.MAX_VALUE : wakeups.peek().at();
        if (mayRefill()) {
            wakeup = Math.min(wakeup, refillFrom);
        }
        if (!well.isEmpty()) {
            // All fast places are taken: in a moment those calls are ended, or slow.
            for (Call oldest : fastCalls.values()) {
                wakeup = Math.min(wakeup, oldest.startedAt + settings.slow().toMillis());
                break;
            }
        }
        return wakeup;
    }

    int inFlight() {
        return fastCalls.size() + slowCalls.size();
    }

    int inHeap() {
        return addresses.size();
    }

    boolean isIdle() {
        return addresses.isEmpty() && !overflown && overflowing.isEmpty();
    }

    private boolean mayRefill() {
        if (overflown && addresses.size() <= settings.mostWaiting() / 2) {
            return true;
        }
        // Asked for every message; a stream would cost more than it reads better.
        for (CallLane lane : overflowing) {
            if (hasRunDry(lane)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasRunDry(CallLane lane) {
        return lane.failures > 0
                ? lane.inHeap() + lane.inFlight == 0
                : lane.inHeap() <= room(lane) / 2;
    }

    /** A lane that fails keeps one address, to try. */
    private int room(CallLane lane) {
        return lane.failures > 0 ? 1 : settings.mostWaitingPerLane();
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

    /** Moves calls that last long to the slow, so that they take no place of the others. */
    private void notice(long now) {
        Iterator<Map.Entry<String, Call>> all = fastCalls.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<String, Call> entry = all.next();
            Call call = entry.getValue();
            if (now - call.startedAt < settings.slow().toMillis()) {
                return;
            }
            all.remove();
            slowCalls.put(entry.getKey(), call);
            slowBytes += call.bytes;
            addresses.get(entry.getKey()).slow = true;
        }
    }

    private Call landed(String address) {
        Call call = fastCalls.remove(address);
        if (call == null) {
            call = slowCalls.remove(address);
            slowBytes -= call.bytes;
        }
        bytesInFlight -= call.bytes;
        CallLane lane = addresses.get(address);
        lane.inFlight--;
        lane.bytes -= call.bytes;
        return call;
    }

    private void settle(CallLane lane, long now) {
        if (lane.isIdle() && !overflowing.contains(lane)) {
            lanes.remove(lane.name);
        } else {
            queue(lane, now);
        }
    }

    private boolean hasPlaceForWell() {
        return fastCalls.isEmpty()
                || (fastCalls.size() < settings.mostInFlight()
                        && bytesInFlight - slowBytes < settings.mostInFlightBytes());
    }

    private boolean hasPlaceForSlow() {
        return slowCalls.isEmpty()
                || (slowCalls.size() < settings.mostInFlight() / 2
                        && slowBytes < settings.mostInFlightBytes() / 2);
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
