package io.webhookdb.connectors.replica;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How long rows wait for company while small batches keep the writer's threads busy. A batch costs
 * its login, where there are more busy databases than connections, and its transaction, however few
 * its rows; on a busy machine both take longer and leave less for reading the rows that would have
 * filled it. So rows wait longer the more of the threads' time small batches take, until they take
 * little enough, and less again when they have become fewer. Of a single organization only so much
 * counts, or one whose database is slow would make the rows of all others wait. Times are
 * milliseconds of the caller's clock. For one thread.
 */
final class Crowding {
    /** From so many rows on a batch is worth what it costs. */
    static final int FEW_ROWS = 50;

    /** What small batches may take of the threads' time. */
    static final double SHARE = 0.25;

    /** Of the threads' time of a second, what counts of an organization. */
    static final long MOST_OF_ONE_MILLIS = 200;

    private static final long WINDOW_MILLIS = 1_000;
    private static final long FIRST_MILLIS = 100;
    private static final double LEAST_GROWTH = 1.25;
    private static final double MOST_GROWTH = 4;

    private final int threads;
    private final LongSupplier longest;
    private final Map<Long, Long> busyMillis = new HashMap<>();
    private long windowSince = Long.MIN_VALUE / 2;
    private long linger;

    /**
     * @param threads how many there are
     * @param longest wait
     */
    Crowding(int threads, LongSupplier longest) {
        this.threads = threads;
        this.longest = longest;
    }

    /**
     * A batch has passed.
     *
     * @param millis how long it took, its login included
     */
    void passed(long organization, int rows, long millis) {
        if (rows < FEW_ROWS) {
            busyMillis.merge(
                    organization,
                    millis,
                    (before, more) -> Math.min(MOST_OF_ONE_MILLIS, before + more));
        }
    }

    /** What a batch that is not full waits at least; 0 while there is time for all. */
    long millis(long now) {
        long passed = now - windowSince;
        if (passed >= WINDOW_MILLIS) {
            long busy =
                    busyMillis.values().stream()
                            .mapToLong(millis -> Math.min(MOST_OF_ONE_MILLIS, millis))
                            .sum();
            adjust((double) busy / passed / threads);
            busyMillis.clear();
            windowSince = now;
        }
        return linger;
    }

    private void adjust(double share) {
        if (share > SHARE) {
            double excess = share / SHARE;
            double growth = Math.min(MOST_GROWTH, Math.max(LEAST_GROWTH, excess));
            // Where there is time for nothing else, four steps would be four seconds of it.
            double first = FIRST_MILLIS * excess * excess;
            linger = (long) Math.min(longest.getAsLong(), linger == 0 ? first : linger * growth);
        } else if (share < SHARE / 2) {
            linger = linger <= FIRST_MILLIS ? 0 : linger * 3 / 4;
        }
    }
}
