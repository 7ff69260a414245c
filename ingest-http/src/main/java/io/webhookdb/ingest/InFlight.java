package io.webhookdb.ingest;

import java.util.concurrent.atomic.AtomicLong;

/** Bounds the memory that requests take, over all event loops. */
final class InFlight {
    private final long limitBytes;
    private final AtomicLong bytes = new AtomicLong();

    InFlight(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Takes memory if it is there; whoever gets true must release it. */
    boolean reserve(long count) {
        if (bytes.addAndGet(count) > limitBytes) {
            bytes.addAndGet(-count);
            return false;
        }
        return true;
    }

    void release(long count) {
        bytes.addAndGet(-count);
    }

    long bytes() {
        return bytes.get();
    }
}
