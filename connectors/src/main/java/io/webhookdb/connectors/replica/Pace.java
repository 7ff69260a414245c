package io.webhookdb.connectors.replica;

import java.util.function.LongSupplier;

/** When a lane that has rows may have its next batch. Times are milliseconds. */
final class Pace {
    private final ReplicaWriterSettings settings;
    private final Linger linger;
    private final Crowding crowding;
    private final LongSupplier heap;
    private boolean hurried;

    /**
     * @param heap bytes of rows that wait
     */
    Pace(ReplicaWriterSettings settings, Crowding crowding, LongSupplier heap) {
        this.heap = heap;
        this.settings = settings;
        this.linger = new Linger(settings.longestLinger(), settings.mostRows());
        this.crowding = crowding;
    }

    /** From now on no lane waits for more rows: a barrier or the end of the input has come. */
    void hurry() {
        hurried = true;
    }

    void relax() {
        hurried = false;
    }

    /** As far as the lane's table is concerned; its database may have to wait longer. */
    long resumeAt(Lane lane, long now) {
        if (!lane.breaker().isClosed()) {
            return lane.breaker().retryAt();
        }
        if (hurried || isFull(lane)) {
            return now;
        }
        long crowd = isHeapShort() ? 0 : crowding.millis(now);
        if (crowd == 0 && lane.parking().rows() > 0) {
            return now;
        }
        return now
                + Math.max(crowd, linger.millis(lane.lastBatchRows(), now - lane.lastActiveAt()));
    }

    /** Whether a connection is to be made the most of. */
    boolean isCrowded(long now) {
        return crowding.millis(now) > 0;
    }

    /** Beyond the limit rows are parked one by one, which costs more than logins. */
    private boolean isHeapShort() {
        return heap.getAsLong() >= settings.heapPerSubtask() / 2;
    }

    private boolean isFull(Lane lane) {
        return lane.waiting() + lane.parkedAlone() >= settings.mostRows()
                || lane.weight() >= settings.mostBatchBytes();
    }
}
