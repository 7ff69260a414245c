package io.webhookdb.connectors.sync;

/** What the heap knows of one lane. Only the task thread touches it. */
final class SyncLane {
    final String key;
    final String target;
    final int shard;
    final Delivery delivery;
    LaneProgress progress;
    boolean sending;
    boolean reading;
    int sendFailures;
    int readFailures;
    long sendAfter;
    long readAfter;
    long wakeAt = Long.MAX_VALUE;

    /** Rows that need not be sent again; how many of them were reported, and when. */
    long settled;

    long reported;
    long reportedAt;

    /** Start of the last sync that came to its end; 0 if none did since this task began. */
    long syncedAt;

    SyncLane(String key, LaneProgress progress, Delivery delivery) {
        this.key = key;
        int slash = key.lastIndexOf('/');
        this.target = key.substring(0, slash);
        this.shard = Integer.parseInt(key.substring(slash + 1));
        this.progress = progress;
        this.delivery = delivery;
    }

    PendingChanges.Memory memory() {
        return progress.hasReadAll() ? PendingChanges.Memory.NONE : PendingChanges.Memory.KEEPS;
    }

    /** Someone changed something: waits after failures are over. */
    void retryNow() {
        sendFailures = 0;
        readFailures = 0;
        sendAfter = 0;
        readAfter = 0;
    }
}
