package io.webhookdb.connectors.statefun;

/**
 * Which messages of an address wait, the ones in flight included.
 *
 * @param first number of the oldest
 * @param end number after the newest
 * @param failures how often in a row the function itself failed on the oldest alone
 * @param aloneBefore messages with lower numbers are called one by one: they were in a batch that
 *     failed
 */
record Backlog(long first, long end, int failures, long aloneBefore) {
    static final Backlog EMPTY = new Backlog(0, 0, 0, 0);

    long size() {
        return end - first;
    }

    Backlog grown() {
        return new Backlog(first, end + 1, failures, aloneBefore);
    }

    Backlog without(long messages) {
        return new Backlog(first + messages, end, 0, aloneBefore);
    }

    /**
     * After a call that failed.
     *
     * @param messages how many were in it
     */
    Backlog failed(int messages) {
        return messages == 1
                ? new Backlog(first, end, failures + 1, aloneBefore)
                : new Backlog(first, end, 0, first + messages);
    }

    boolean isOldestAlone() {
        return failures > 0 || first < aloneBefore;
    }
}
