package io.webhookdb.schemas.control;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;

/**
 * How a sync target wants its rows, beyond where and when.
 *
 * @param sending whether rows are sent now or kept
 * @param epoch grows when all rows are asked for once more
 * @param columns what of a row it gets to see
 * @param deletes what becomes of a deleted row
 * @param lanes how its rows are shared out
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SyncTargetSettings(
        Sending sending, long epoch, SyncColumns columns, Deletes deletes, Lanes lanes) {

    /** Whole rows, sent, deleted ones marked. */
    public static final SyncTargetSettings STANDARD =
            new SyncTargetSettings(null, 0, null, null, null);

    /**
     * Shares of the rows that are sent side by side; each row is always of the same one.
     *
     * @param count how many
     * @param since grows when the count changes: all rows are read anew for the new shares
     */
    public record Lanes(int count, long since) {
        /** One after the other. */
        public static final Lanes ONE = new Lanes(1, 0);

        public Lanes {
            if (count < 1) {
                throw new IllegalArgumentException(
                        "There are " + count + " lanes; expected 1 or more.");
            }
        }

        /** The same, or newer ones of another count. */
        public Lanes of(int other) {
            return other == count ? this : new Lanes(other, since + 1);
        }
    }

    /** Whether rows are sent now. */
    public enum Sending {
        ON,
        /** Rows wait, one version each, until resumed. */
        PAUSED
    }

    /** What becomes of a row that is deleted. */
    public enum Deletes {
        /** It stays, with the time of its deletion. */
        MARKED,
        /** It goes: a tombstone in Kafka. */
        REMOVED
    }

    public SyncTargetSettings {
        sending = Objects.requireNonNullElse(sending, Sending.ON);
        columns = Objects.requireNonNullElse(columns, SyncColumns.ALL);
        deletes = Objects.requireNonNullElse(deletes, Deletes.MARKED);
        lanes = Objects.requireNonNullElse(lanes, Lanes.ONE);
    }

    /** Whether rows wait until someone resumes. */
    public boolean pause() {
        return sending == Sending.PAUSED;
    }

    /** The same, sent now or kept. */
    public SyncTargetSettings sending(Sending now) {
        return new SyncTargetSettings(now, epoch, columns, deletes, lanes);
    }

    /** The same, with all rows asked for once more. */
    public SyncTargetSettings again() {
        return new SyncTargetSettings(sending, epoch + 1, columns, deletes, lanes);
    }

    /** The same with other columns. */
    public SyncTargetSettings showing(SyncColumns now) {
        return new SyncTargetSettings(sending, epoch, now, deletes, lanes);
    }

    /** The same with another end for deleted rows. */
    public SyncTargetSettings deleting(Deletes now) {
        return new SyncTargetSettings(sending, epoch, columns, now, lanes);
    }

    /** The same with its rows shared out in another way. */
    public SyncTargetSettings shared(Lanes now) {
        return new SyncTargetSettings(sending, epoch, columns, deletes, now);
    }

    /**
     * Names what rows look like at the target: when it changes, all rows are sent anew. Empty for
     * {@link #STANDARD}, as it was for targets before there were settings.
     */
    public String shape() {
        String shape =
                (epoch == 0 ? "" : "epoch " + epoch)
                        + (deletes == Deletes.MARKED ? "" : " " + deletes);
        return (shape + " " + columns.shape()).strip();
    }
}
