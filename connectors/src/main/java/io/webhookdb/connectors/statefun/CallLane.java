package io.webhookdb.connectors.statefun;

import java.util.ArrayDeque;
import java.util.Deque;

/** What one lane has to call. Plain data of {@link CallScheduler}. */
final class CallLane {
    final String name;

    /** Addresses whose turn it is when the lane's is. */
    final Deque<String> waiting = new ArrayDeque<>();

    int inFlight;
    long bytes;

    /** Addresses that wait for their own next attempt. */
    int retrying;

    /** Failures in a row of the whole lane. */
    int failures;

    /** Until when nothing of it is called, after a failure of the whole lane. */
    long closedUntil;

    boolean slow;
    boolean queued;

    CallLane(String name) {
        this.name = name;
    }

    int inHeap() {
        return waiting.size() + retrying;
    }

    /** How many addresses may be in heap; a lane that fails keeps one, to try. */
    int room(FunctionHostSettings settings) {
        return failures > 0 ? 1 : settings.mostWaitingPerLane();
    }

    boolean isIdle() {
        return inHeap() == 0 && inFlight == 0 && failures == 0;
    }
}
