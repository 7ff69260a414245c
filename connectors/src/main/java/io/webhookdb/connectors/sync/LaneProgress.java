package io.webhookdb.connectors.sync;

import java.util.Set;
import java.util.TreeSet;

/**
 * How far one lane of a target is. Immutable.
 *
 * @param queue the pending rows' order
 * @param existing the reading of the rows the table already had
 * @param round the current or last sync
 */
record LaneProgress(Queue queue, Existing existing, Round round) {
    static final LaneProgress NEW =
            new LaneProgress(
                    new Queue(0, 0, 0),
                    new Existing(Phase.AWAITS_ROUTERS, "", 0, Set.of()),
                    new Round(0, 0, 0));

    /** Where the reading of existing rows stands. */
    enum Phase {
        /** Some router may still let changes pass. */
        AWAITS_ROUTERS,
        READING,
        DONE
    }

    /**
     * @param head no pending row has a smaller sequence
     * @param tail sequence of the next new row
     * @param rows how many rows are pending
     */
    record Queue(long head, long tail, long rows) {}

    /**
     * @param phase where it stands
     * @param generation what is being read, to notice that it became something else
     * @param cursor last primary key read
     * @param routers routers known to send everything, while some are awaited
     */
    record Existing(Phase phase, String generation, long cursor, Set<Integer> routers) {
        Existing {
            routers = Set.copyOf(routers);
        }

        /** One more router sends everything; after the last one, reading may begin. */
        Existing heard(int router, int routerCount) {
            if (phase != Phase.AWAITS_ROUTERS) {
                return this;
            }
            Set<Integer> heard = new TreeSet<>(routers);
            heard.add(router);
            return heard.size() >= routerCount
                    ? new Existing(Phase.READING, generation, 0, Set.of())
                    : new Existing(phase, generation, cursor, heard);
        }

        /** Whether what there is to read is another thing than before. */
        boolean isOther(String current) {
            return phase != Phase.AWAITS_ROUTERS && !current.equals(generation);
        }

        /** The same, or from the start if the table to read is another than before. */
        Existing of(String current) {
            return isOther(current) ? new Existing(Phase.READING, current, 0, Set.of()) : this;
        }

        /** After a page. */
        Existing read(long lastPk, boolean isLast) {
            return new Existing(isLast ? Phase.DONE : phase, generation, lastPk, Set.of());
        }
    }

    /**
     * @param startedAt when it started, milliseconds since the epoch; 0 before the first
     * @param end rows from this sequence on belong to the next one; 0 if none is under way
     * @param triggers the target's {@code triggersRequested} when it started
     */
    record Round(long startedAt, long end, long triggers) {
        boolean isUnderWay() {
            return end != 0;
        }

        Round ended() {
            return new Round(startedAt, 0, triggers);
        }
    }

    LaneProgress with(Queue other) {
        return new LaneProgress(other, existing, round);
    }

    LaneProgress with(Existing other) {
        return new LaneProgress(queue, other, round);
    }

    LaneProgress with(Round other) {
        return new LaneProgress(queue, existing, other);
    }

    boolean isReading() {
        return existing.phase() == Phase.READING;
    }

    boolean hasReadAll() {
        return existing.phase() == Phase.DONE;
    }
}
