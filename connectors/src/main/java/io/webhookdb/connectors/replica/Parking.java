package io.webhookdb.connectors.replica;

/**
 * How much of a lane lies in keyed state.
 *
 * @param rows distinct remote keys
 * @param oldestReceivedAtMicros lower bound of their events' receipt, microseconds since the epoch;
 *     {@link Long#MAX_VALUE} if there are none
 */
record Parking(long rows, long oldestReceivedAtMicros) {
    static final Parking EMPTY = new Parking(0, Long.MAX_VALUE);

    Parking with(long receivedAtMicros) {
        return new Parking(rows + 1, Math.min(oldestReceivedAtMicros, receivedAtMicros));
    }

    /** As many rows, one of them made of an event received then. */
    Parking reachingTo(long receivedAtMicros) {
        return new Parking(rows, Math.min(oldestReceivedAtMicros, receivedAtMicros));
    }

    Parking without() {
        return rows == 1 ? EMPTY : new Parking(rows - 1, oldestReceivedAtMicros);
    }
}
