package io.webhookdb.controlplane.provisioner.reading;

import java.util.concurrent.atomic.AtomicLong;

/** How a reader does, for metrics. Outlives the readers of one topic. */
public final class ReaderProgress {
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicLong lag = new AtomicLong();

    /** Records that could not be stored, since this process started. */
    public long skipped() {
        return skipped.get();
    }

    /** Records that were not read at the last look; 0 while this process does not lead. */
    public long lag() {
        return lag.get();
    }

    void oneSkipped() {
        skipped.incrementAndGet();
    }

    void lagsBy(long records) {
        lag.set(records);
    }
}
