package io.webhookdb.connectors.replica;

import java.time.Duration;

/**
 * How long the rows of a table wait for company. The first row after a pause goes at once; the
 * busier a table was, the longer its next batch fills, up to the limit. Rows that come late anyway
 * wait longer, since many must be on their way behind them: what a job that is behind does in
 * fewer, larger batches it does sooner. Times are milliseconds.
 */
final class Linger {
    /** What comes later than that is late: no batch is to blame for it. */
    static final long LATE_MILLIS = 2_000;

    /** With few tables. */
    static final long LONGEST_WHEN_LATE_MILLIS = 5_000;

    static final long LONGEST_OF_MANY_MILLIS = 60_000;

    /** About what a batch with its login takes of a processor, the server's part included. */
    private static final long BATCH_MILLIS = 60;

    /** A batch of this share of the largest makes the next one wait in full. */
    private static final int FULL_WAIT_SHARE = 2;

    private final long longest;
    private final int mostRows;

    Linger(Duration longest, int mostRows) {
        this.longest = longest.toMillis();
        this.mostRows = mostRows;
    }

    /**
     * The longest wait where there is too little time: about what a batch of every table takes. By
     * then the first of them could have its next.
     *
     * @param tables how many have rows now and then
     */
    static long longestWhenLate(int tables) {
        return Math.min(
                LONGEST_OF_MANY_MILLIS, Math.max(LONGEST_WHEN_LATE_MILLIS, tables * BATCH_MILLIS));
    }

    /**
     * The wait of rows that come late: half of that.
     *
     * @param lag time from the receipt of an event until its row came
     */
    static long whenLate(long lag, int tables) {
        return Math.min(longestWhenLate(tables), Math.max(0, (lag - LATE_MILLIS) / 2));
    }

    /**
     * The wait before a batch starts.
     *
     * @param lastBatchRows rows of the lane's last batch
     * @param sinceLastBatch time since it ended
     */
    long millis(int lastBatchRows, long sinceLastBatch) {
        if (sinceLastBatch > longest) {
            return 0;
        }
        return longest
                * Math.min(lastBatchRows, mostRows / FULL_WAIT_SHARE)
                / (mostRows / FULL_WAIT_SHARE);
    }
}
