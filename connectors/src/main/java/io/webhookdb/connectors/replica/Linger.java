package io.webhookdb.connectors.replica;

import java.time.Duration;

/**
 * How long the rows of a table wait for company. The first row after a pause goes at once; the
 * busier a table was, the longer its next batch fills, up to the limit. Times are milliseconds.
 */
final class Linger {
    /** A batch of this share of the largest makes the next one wait in full. */
    private static final int FULL_WAIT_SHARE = 4;

    private final long longest;
    private final int mostRows;

    Linger(Duration longest, int mostRows) {
        this.longest = longest.toMillis();
        this.mostRows = mostRows;
    }

    /**
     * The wait before a batch starts.
     *
     * @param lastBatchRows rows of the lane's last batch
     * @param sinceLastBatch time since it ended
     */
    long wait(int lastBatchRows, long sinceLastBatch) {
        if (sinceLastBatch > longest) {
            return 0;
        }
        return longest
                * Math.min(lastBatchRows, mostRows / FULL_WAIT_SHARE)
                / (mostRows / FULL_WAIT_SHARE);
    }
}
