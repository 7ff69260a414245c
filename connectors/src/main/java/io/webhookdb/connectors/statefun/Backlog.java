package io.webhookdb.connectors.statefun;

/**
 * Which messages of an address wait, the ones in flight included.
 *
 * @param first number of the oldest
 * @param end number after the newest
 * @param failures how often in a row the function itself failed on the oldest
 */
record Backlog(long first, long end, int failures) {
    static final Backlog EMPTY = new Backlog(0, 0, 0);

    long size() {
        return end - first;
    }

    Backlog grown() {
        return new Backlog(first, end + 1, failures);
    }

    Backlog without(long messages) {
        return new Backlog(first + messages, end, 0);
    }

    Backlog failed() {
        return new Backlog(first, end, failures + 1);
    }
}
