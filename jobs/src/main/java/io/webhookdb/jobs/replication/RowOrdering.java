package io.webhookdb.jobs.replication;

import io.webhookdb.jobs.replication.RowMemory.Kind;
import io.webhookdb.jobs.replication.RowMemory.Sighting;
import io.webhookdb.jobs.replication.RowMemory.Standing;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.row.Version;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
 * as the newer one, which it is. Had it been processed before the original was known, it is lost
 * until its own retry or replay: only its hash is kept, not its body.
 *
 * <p>The database guards versions by itself. This class saves it work and knows the retries, which
 * the database does not.
 */
final class RowOrdering {
    private static final Comparator<UUID> UNSIGNED =
            Comparator.comparing(UUID::getMostSignificantBits, Long::compareUnsigned)
                    .thenComparing(UUID::getLeastSignificantBits, Long::compareUnsigned);

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
     * The decision on one event.
     *
     * @param memory what is remembered of the row, null if nothing
     * @param update the state the event brings
     * @param origin a {@link Origin#REPLAY} is always written: it repairs, and the database decides
     */
    static Decision decide(RowMemory memory, RowUpdate update, Origin origin) {
        if (memory == null || isVoidedBy(update, memory)) {
            return new Write(update, fresh(update));
        }
        Decision decision = ordered(memory, update);
        if (origin != Origin.REPLAY || decision instanceof Write) {
            return decision;
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

    private static Decision ordered(RowMemory memory, RowUpdate update) {
        Version written = memory.written();
        if (update.version().timeMicros() < written.timeMicros()) {
            return new Stale(memory);
        }
        if (update.version().timeMicros() > written.timeMicros()) {
            return new Write(update, fresh(update));
        }
        return tied(memory, update);
    }

    private static Decision tied(RowMemory memory, RowUpdate update) {
        Version written = memory.written();
        UUID first = firstSeen(memory, update);
        int rank = update.version().rank().compareTo(written.rank());
        if (rank > 0) {
            Version version = update.version().withEventId(first);
            return new Write(
                    update.withVersion(version),
                    remembering(memory, update, first, Standing.CURRENT, version, first));
        }
        if (isCurrent(memory, update)) {
            UUID lower = smaller(first, memory.firstSeen());
            return new Duplicate(
                    remembering(memory, update, lower, Standing.CURRENT, written, lower));
        }
        if (rank < 0 || isOlder(first, memory, update)) {
            return new Stale(
                    remembering(memory, update, first, Standing.PAST, written, memory.firstSeen()));
        }
        boolean retryOvertook = UNSIGNED.compare(first, written.eventId()) <= 0;
        Version version = written.withEventId(retryOvertook ? next(written.eventId()) : first);
        return new Write(
                update.withVersion(version),
                remembering(memory, update, first, Standing.CURRENT, version, first));
    }

    /** Equal only within one event that brings the row twice: its last state wins, once. */
    private static boolean isOlder(UUID first, RowMemory memory, RowUpdate update) {
        int order = UNSIGNED.compare(first, memory.firstSeen());
        return order < 0
                || (order == 0 && memory.sightings().stream().anyMatch(s -> isOf(s, update)));
    }

    private static RowMemory fresh(RowUpdate update) {
        UUID id = update.version().eventId();
        return new RowMemory(
                update.epoch(),
                update.definition(),
                update.version(),
                id,
                sightingsOf(update, id, Standing.CURRENT));
    }

    private static UUID firstSeen(RowMemory memory, RowUpdate update) {
        UUID first = update.version().eventId();
        if (update.version().timeMicros() == memory.written().timeMicros()) {
            for (Sighting sighting : memory.sightings()) {
                if (isOf(sighting, update)) {
                    first = smaller(first, sighting.first());
                }
            }
        }
        return first;
    }

    private static boolean isCurrent(RowMemory memory, RowUpdate update) {
        return memory.sightings().stream()
                .anyMatch(s -> s.standing() == Standing.CURRENT && isOf(s, update));
    }

    private static RowMemory remembering(
            RowMemory memory,
            RowUpdate update,
            UUID first,
            Standing standing,
            Version written,
            UUID firstSeen) {
        boolean replaced = standing == Standing.CURRENT && !isCurrent(memory, update);
        List<Sighting> kept = new ArrayList<>();
        for (Sighting old : memory.sightings()) {
            if (!isOf(old, update)) {
                kept.add(
                        replaced
                                ? new Sighting(old.kind(), old.hash(), old.first(), Standing.PAST)
                                : old);
            }
        }
        kept.addAll(sightingsOf(update, first, standing));
        return new RowMemory(
                memory.epoch(), memory.definition(), written, firstSeen, bounded(kept));
    }

    /** Drops the longest known, whose retries are the likeliest to be over. */
    private static List<Sighting> bounded(List<Sighting> sightings) {
        while (sightings.size() > RowMemory.MOST_SIGHTINGS) {
            sightings.stream()
                    .filter(sighting -> sighting.standing() == Standing.PAST)
                    .min(Comparator.comparing(Sighting::first, UNSIGNED))
                    .or(() -> sightings.stream().findFirst())
                    .ifPresent(sightings::remove);
        }
        return sightings;
    }

    private static List<Sighting> sightingsOf(RowUpdate update, UUID first, Standing standing) {
        List<Sighting> sightings = new ArrayList<>();
        sightings.add(new Sighting(kindOf(update), update.contentHash(), first, standing));
        if (update.deliveryHash() != null) {
            sightings.add(new Sighting(Kind.DELIVERY, update.deliveryHash(), first, standing));
        }
        return sightings;
    }

    private static boolean isOf(Sighting sighting, RowUpdate update) {
        return sighting.isOf(kindOf(update), update.contentHash())
                || (update.deliveryHash() != null
                        && sighting.isOf(Kind.DELIVERY, update.deliveryHash()));
    }

    private static Kind kindOf(RowUpdate update) {
        return update.operation() == RowUpdate.Operation.UPSERT ? Kind.CONTENT : Kind.TOMBSTONE;
    }

    private static UUID smaller(UUID a, UUID b) {
        return UNSIGNED.compare(a, b) <= 0 ? a : b;
    }

    /** The next larger 128-bit number. */
    private static UUID next(UUID id) {
        long low = id.getLeastSignificantBits() + 1;
        return new UUID(
                low == 0 ? id.getMostSignificantBits() + 1 : id.getMostSignificantBits(), low);
    }
}
