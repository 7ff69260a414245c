package io.webhookdb.ingest;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds the connections over all event loops: each costs a file descriptor and some memory, also
 * one that never sends anything.
 */
final class Connections {
    private final int limit;
    private final AtomicInteger open = new AtomicInteger();

    Connections(int limit) {
        this.limit = limit;
    }

    /** Counts a new connection; false if there are too many, then it must be closed. */
    boolean open() {
        if (open.incrementAndGet() > limit) {
            open.decrementAndGet();
            return false;
        }
        return true;
    }

    void closed() {
        open.decrementAndGet();
    }

    int count() {
        return open.get();
    }
}
