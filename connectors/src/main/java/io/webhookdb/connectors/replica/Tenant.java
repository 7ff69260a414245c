package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.replica.LaneScheduler.Start;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** What the scheduler knows of one organization, that is of one replication database. */
final class Tenant {
    private final Breaker breaker;
    private final Deque<Lane> queue = new ArrayDeque<>();
    private final Map<Start, Long> startedAt = new HashMap<>();
    private long lastBatchMillis;
    private long heap;
    private boolean offered;
    private int batchesOfTurn;

    Tenant(Breaker breaker) {
        this.breaker = breaker;
    }

    /** Guards the database. */
    Breaker breaker() {
        return breaker;
    }

    /** Lanes ready for a batch, oldest first. */
    Deque<Lane> queue() {
        return queue;
    }

    /** Whether a batch may start now, given the most it may have in flight. */
    boolean mayStart(long now, int mostInFlight) {
        return !queue.isEmpty()
                && startedAt.size() < mostInFlight
                && breaker.permits(now, startedAt.size());
    }

    void started(Start start, long now) {
        startedAt.put(start, now);
        batchesOfTurn++;
    }

    void ended(Start start) {
        startedAt.remove(start);
    }

    /** How long the database took for its last batch. */
    void took(long millis) {
        lastBatchMillis = millis;
    }

    /** Whether the database answers, and in good time. */
    boolean isWell(long now, long slowMillis) {
        return breaker.isClosed()
                && lastBatchMillis < slowMillis
                && startedAt.values().stream().allMatch(start -> now - start < slowMillis);
    }

    boolean isIdle() {
        return queue.isEmpty() && startedAt.isEmpty() && heap == 0 && breaker.isClosed();
    }

    int inFlight() {
        return startedAt.size();
    }

    /** Bytes of its rows waiting in heap. */
    long heap() {
        return heap;
    }

    void heapGrew(long bytes) {
        heap += bytes;
    }

    /** Whether its turn goes on: it has had a batch already, and fewer than that. */
    boolean goesOn(int most) {
        return batchesOfTurn > 0 && batchesOfTurn < most;
    }

    void newTurn() {
        batchesOfTurn = 0;
    }

    /** Whether it stands in one of the scheduler's queues. */
    boolean isOffered() {
        return offered;
    }

    void offered() {
        offered = true;
    }

    void taken() {
        offered = false;
    }
}
