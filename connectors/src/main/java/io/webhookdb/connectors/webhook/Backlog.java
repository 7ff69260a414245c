package io.webhookdb.connectors.webhook;

/**
 * What waits for one subscription on one subtask, in bytes. Starts at zero with the task: what a
 * restored state holds is not counted, so that after a restart up to twice the limit may wait.
 * Thread-safe.
 */
final class Backlog {
    private final long most;
    private long bytes;

    /**
     * @param most limit in bytes
     */
    Backlog(long most) {
        this.most = most;
    }

    /** Whether a delivery has place. */
    synchronized boolean hasPlaceFor(Delivery delivery) {
        return bytes + delivery.body().length <= most;
    }

    synchronized void add(Delivery delivery) {
        bytes += delivery.body().length;
    }

    synchronized void remove(Delivery delivery) {
        bytes = Math.max(0, bytes - delivery.body().length);
    }
}
