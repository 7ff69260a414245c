package io.webhookdb.connectors.replica;

import java.util.function.IntSupplier;
import java.util.function.Predicate;

/** When a lane that has rows may have its next batch. Times are milliseconds. */
final class Pace {
    /**
     * A batch of this share of the largest may start beside another. Smaller ones gain from waiting
     * for it: a transaction costs more than their rows.
     */
    static final int BESIDE_SHARE = 4;

    private static final long QUIET_MILLIS = 200;

    /** Of the wait for company. */
    private static final int QUIET_SHARE = 8;

    private final ReplicaWriterSettings settings;
    private final Linger linger;
    private final Crowding crowding;
    private final IntSupplier tables;
    private final Predicate<Lane> mustMakeRoom;
    private Hurry hurry = Hurry.NONE;

    /**
     * @param tables how many have rows now and then
     * @param mustMakeRoom whether a lane's rows should not wait for others, since there is little
     *     heap left for those that wait
     */
    Pace(
            ReplicaWriterSettings settings,
            Crowding crowding,
            IntSupplier tables,
            Predicate<Lane> mustMakeRoom) {
        this.tables = tables;
        this.mustMakeRoom = mustMakeRoom;
        this.settings = settings;
        this.linger = new Linger(settings.longestLinger(), settings.mostRows());
        this.crowding = crowding;
    }

    /** Why lanes that wait for more rows should not. */
    enum Hurry {
        NONE,
        /** What waits would have to be kept in state, which costs more than a smaller batch. */
        BARRIER,
        /** There are no more rows. */
        END
    }

    void hurry(Hurry why) {
        hurry = why;
    }

    /**
     * As far as the lane's table is concerned; its database may have to wait longer. While a batch
     * is in flight only a large one starts beside it: the others fill until that has ended.
     *
     * @return {@link Long#MAX_VALUE} for not before then
     */
    long resumeAt(Lane lane, long now) {
        if (lane.isInFlight()) {
            return mayStartBeside(lane)
                            && lane.fills(
                                    settings.mostRows() / BESIDE_SHARE,
                                    settings.mostBatchBytes() / BESIDE_SHARE)
                    ? now
                    : Long.MAX_VALUE;
        }
        if (!lane.breaker().isClosed()) {
            return lane.breaker().retryAt();
        }
        if (hurry == Hurry.END || isFull(lane)) {
            return now;
        }
        long company = mustMakeRoom.test(lane) ? 0 : company(lane.lag(), now);
        if (company == 0 && (hurry == Hurry.BARRIER || lane.parking().rows() > 0)) {
            return now;
        }
        return now
                + Math.max(company, linger.millis(lane.lastBatchRows(), now - lane.lastActiveAt()));
    }

    private long company(long lag, long now) {
        return Math.max(crowding.millis(now), Linger.whenLate(lag, tables.getAsInt()));
    }

    /**
     * How long no row comes until there seem to be no more, so that nothing waits for company any
     * longer. Not soon where the wait is long: while batches have all processors, rows that are
     * there are not read either.
     *
     * @param lag of the last row that came
     */
    long quietMillis(long lag, long now) {
        return Math.max(QUIET_MILLIS, company(lag, now) / QUIET_SHARE);
    }

    /**
     * Whether a batch may start beside those in flight. Not of a table that fails, and not while
     * rows wait in keyed state alone, which holds those in flight, too.
     */
    static boolean mayStartBeside(Lane lane) {
        return lane.breaker().isClosed() && lane.parkedAlone() == 0;
    }

    /** Whether a connection is to be made the most of. */
    boolean isCrowded(long now) {
        return crowding.millis(now) > 0;
    }

    private boolean isFull(Lane lane) {
        return lane.waiting() + lane.parkedAlone() >= settings.mostRows()
                || lane.weight() >= settings.mostBatchBytes();
    }
}
