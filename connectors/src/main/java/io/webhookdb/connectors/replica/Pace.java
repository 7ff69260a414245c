package io.webhookdb.connectors.replica;

/** When a lane that has rows may have its next batch. Times are milliseconds. */
final class Pace {
    private final ReplicaWriterSettings settings;
    private final Linger linger;
    private final Crowding crowding;
    private boolean hurried;

    Pace(ReplicaWriterSettings settings, Crowding crowding) {
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
        if (lane.parking().rows() > 0 || hurried || isFull(lane)) {
            return now;
        }
        long company = linger.millis(lane.lastBatchRows(), now - lane.lastActiveAt());
        return now + Math.max(company, crowding.millis(now));
    }

    /** Whether a connection is to be made the most of. */
    boolean isCrowded(long now) {
        return crowding.millis(now) > 0;
    }

    private boolean isFull(Lane lane) {
        return lane.waiting() >= settings.mostRows() || lane.weight() >= settings.mostBatchBytes();
    }
}
