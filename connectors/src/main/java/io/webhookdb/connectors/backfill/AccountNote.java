package io.webhookdb.connectors.backfill;

/**
 * What is remembered of an account. In state as JSON.
 *
 * @param quietUntilMillis the vendor is not asked before
 * @param day days since the epoch, UTC, of the count
 * @param requests requests on that day
 * @param channelKey sealed key of its channels' tokens; null: none was told
 */
record AccountNote(long quietUntilMillis, long day, int requests, String channelKey) {
    private static final long MILLIS_PER_DAY = 86_400_000;

    static final AccountNote NEW = new AccountNote(0, 0, 0, null);

    AccountNote quiet(long until) {
        return new AccountNote(Math.max(until, quietUntilMillis), day, requests, channelKey);
    }

    /** The same with the key of its channels. */
    AccountNote keyed(String sealed) {
        return new AccountNote(quietUntilMillis, day, requests, sealed);
    }

    /** One request more. */
    AccountNote counted(long now) {
        long today = now / MILLIS_PER_DAY;
        return new AccountNote(
                quietUntilMillis, today, today == day ? requests + 1 : 1, channelKey);
    }

    /** When the next request may go out; not after now if it may now. */
    long mayAskAt(long now, int requestsPerDay) {
        boolean usedUp =
                requestsPerDay > 0 && now / MILLIS_PER_DAY == day && requests >= requestsPerDay;
        return usedUp ? Math.max(quietUntilMillis, (day + 1) * MILLIS_PER_DAY) : quietUntilMillis;
    }
}
