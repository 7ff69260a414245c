package io.webhookdb.jobs.replication;

import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.jobs.replication.RowMemory.Sighting;
import io.webhookdb.jobs.replication.RowMemory.Standing;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.row.Version;
import java.util.Comparator;
import java.util.UUID;

/**
 * Decides whether an event's state of a row is newer than what is known of that row.
 *
 * <p>Versions order by time, rank and event id. Within one version time vendors' retries would
 * break that order, since a retry has a later id than the event it repeats; so what was seen before
 * (same content, or same delivery id) keeps the smallest event id it ever came with, and between
 * different contents the later <em>first</em> arrival wins.
 *
 * <p>A retry may even be processed before its original. Its content was then written under too
 * large an id, which cannot be taken back. A different content that arrived between the two is
 * therefore written under the successor of that id, so that the database and every consumer see it
 * as the newer one, which it is. Had that content been processed before the original was known, its
 * event is read from the log once more when the original is: see {@link Recall}.
 *
 * <p>The database guards versions by itself. This class saves it work and knows the retries, which
 * the database does not.
 */
final class RowOrdering {
    private RowOrdering() {}

    /** What to do, and what to remember. */
    sealed interface Decision {
        RowMemory memory();
    }

    /** Pass this on. */
    record Write(RowUpdate update, RowMemory memory) implements Decision {}

    /** A newer state is known. */
    record Stale(RowMemory memory) implements Decision {}

    /** This very state is known. */
    record Duplicate(RowMemory memory) implements Decision {}

    /**
     * The original of a retry shows that the newest state is older than it claimed, and another one
     * newer than it: have that one's event processed again, which then writes it.
     *
     * @param place where that event lies in the log
     * @param decision what to do with the event at hand; never another of these
     */
    record Recall(LogPlace place, Decision decision) implements Decision {
        @Override
        public RowMemory memory() {
            return decision.memory();
        }
    }

    /**
     * The decision on one event.
     *
     * @param memory what is remembered of the row, null if nothing
     * @param row the state the event brings. One {@linkplain Origin#isRepeated processed again} is
     *     always written: it repairs, and the database decides
     */
    static Decision decide(RowMemory memory, SourcedRow row) {
        RowUpdate update = row.update();
        if (memory == null || isVoidedBy(update, memory)) {
            return new Write(update, Sightings.fresh(row));
        }
        Decision decision = ordered(memory, row);
        return row.origin().isRepeated() ? repaired(memory, update, decision) : decision;
    }

    private static Decision repaired(RowMemory memory, RowUpdate update, Decision decision) {
        if (decision instanceof Write) {
            return decision;
        }
        if (decision instanceof Recall recall) {
            return new Recall(recall.place(), repaired(memory, update, recall.decision()));
        }
        RowUpdate repair =
                decision instanceof Duplicate
                        ? update.withVersion(memory.written())
                        : update.withVersion(
                                update.version().withEventId(firstSeen(memory, update)));
        return new Write(repair, decision.memory());
    }

    /** An older epoch is an event overtaken by its integration's repair; it voids nothing. */
    private static boolean isVoidedBy(RowUpdate update, RowMemory memory) {
        return update.epoch() > memory.epoch()
                || (update.epoch() == memory.epoch()
                        && !update.definition().equals(memory.definition()));
    }

    private static Decision ordered(RowMemory memory, SourcedRow row) {
        RowUpdate update = row.update();
        Version written = memory.written();
        if (update.version().timeMicros() < written.timeMicros()) {
            return new Stale(memory);
        }
        if (update.version().timeMicros() > written.timeMicros()) {
            return new Write(update, Sightings.fresh(row));
        }
        return tied(memory, row);
    }

    private static Decision tied(RowMemory memory, SourcedRow row) {
        RowUpdate update = row.update();
        Version written = memory.written();
        UUID first = firstSeen(memory, update);
        int rank = update.version().rank().compareTo(written.rank());
        if (rank > 0) {
            Version version = update.version().withEventId(first);
            return new Write(
                    update.withVersion(version),
                    Sightings.with(memory, row, first, Standing.CURRENT, version, first));
        }
        if (Sightings.isCurrent(memory, update)) {
            UUID lower = smaller(first, memory.firstSeen());
            return recalling(
                    row,
                    new Duplicate(
                            Sightings.with(memory, row, lower, Standing.CURRENT, written, lower)));
        }
        if (rank < 0 || isOlder(first, memory, update)) {
            return recalling(
                    row,
                    new Stale(
                            Sightings.with(
                                    memory,
                                    row,
                                    first,
                                    Standing.PAST,
                                    written,
                                    memory.firstSeen())));
        }
        Version version = successor(written, first);
        return new Write(
                update.withVersion(version),
                Sightings.with(memory, row, first, Standing.CURRENT, version, first));
    }

    /**
     * With the newest of the contents that lost to the current one, if it is newer by what is known
     * now. Asked even where the current one stays as old as it was: the one recalled before may
     * turn out to be a retry itself. Never the event at hand, which was processed just now.
     */
    private static Decision recalling(SourcedRow row, Decision decision) {
        RowMemory memory = decision.memory();
        LogPlace here = LogPlace.of(row);
        return memory.sightings().stream()
                .filter(s -> s.standing() == Standing.PAST)
                .filter(s -> s.place() != null && !s.place().equals(here))
                .filter(s -> s.rank() == memory.written().rank())
                .filter(s -> Sightings.UNSIGNED.compare(s.first(), memory.firstSeen()) > 0)
                .max(Comparator.comparing(Sighting::first, Sightings.UNSIGNED))
                .<Decision>map(newer -> new Recall(newer.place(), decision))
                .orElse(decision);
    }

    /** The version of the newer of two contents, where a retry may have taken a larger id. */
    private static Version successor(Version written, UUID first) {
        boolean retryOvertook = Sightings.UNSIGNED.compare(first, written.eventId()) <= 0;
        return written.withEventId(retryOvertook ? next(written.eventId()) : first);
    }

    /** Equal only within one event that brings the row twice: its last state wins, once. */
    private static boolean isOlder(UUID first, RowMemory memory, RowUpdate update) {
        int order = Sightings.UNSIGNED.compare(first, memory.firstSeen());
        return order < 0
                || (order == 0
                        && memory.sightings().stream().anyMatch(s -> Sightings.isOf(s, update)));
    }

    private static UUID firstSeen(RowMemory memory, RowUpdate update) {
        UUID first = update.version().eventId();
        if (update.version().timeMicros() == memory.written().timeMicros()) {
            for (Sighting sighting : memory.sightings()) {
                if (Sightings.isOf(sighting, update)) {
                    first = smaller(first, sighting.first());
                }
            }
        }
        return first;
    }

    private static UUID smaller(UUID a, UUID b) {
        return Sightings.UNSIGNED.compare(a, b) <= 0 ? a : b;
    }

    /** The next larger 128-bit number. */
    private static UUID next(UUID id) {
        long low = id.getLeastSignificantBits() + 1;
        return new UUID(
                low == 0 ? id.getMostSignificantBits() + 1 : id.getMostSignificantBits(), low);
    }
}
