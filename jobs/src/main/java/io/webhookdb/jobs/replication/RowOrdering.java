package io.webhookdb.jobs.replication;

import io.webhookdb.jobs.replication.RowMemory.Kind;
import io.webhookdb.jobs.replication.RowMemory.Sighting;
import io.webhookdb.jobs.replication.RowMemory.Standing;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.row.Version;
import io.webhookdb.schemas.row.Version.Rank;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
 * as the newer one, which it is. Had that content been processed before the original was known, it
 * is written once the original is: see {@link Overturn}.
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
     * The original of a retry shows that the newest state is older than it claimed, and another one
     * newer than it: pass that one on, if its content is still at hand.
     *
     * @param winner sighting of the content that wins after all
     * @param version version it has to be written under
     * @param memory what to remember then
     * @param otherwise what to do, and what to remember, if the content is no longer at hand; it is
     *     then written at its own next retry or replay
     */
    record Overturn(Sighting winner, Version version, RowMemory memory, Decision otherwise)
            implements Decision {}

    /**
     * The decision on one event.
     *
     * @param memory what is remembered of the row, null if nothing
     * @param update the state the event brings
     * @param origin one {@linkplain Origin#isRepeated processed again} is always written: it
     *     repairs, and the database decides
     */
    static Decision decide(RowMemory memory, RowUpdate update, Origin origin) {
        if (memory == null || isVoidedBy(update, memory)) {
            return new Write(update, fresh(update));
        }
        Decision decision = ordered(memory, update);
        return origin.isRepeated() ? repaired(memory, update, decision) : decision;
    }

    private static Decision repaired(RowMemory memory, RowUpdate update, Decision decision) {
        if (decision instanceof Write) {
            return decision;
        }
        if (decision instanceof Overturn overturn) {
            return new Overturn(
                    overturn.winner(),
                    overturn.version(),
                    overturn.memory(),
                    repaired(memory, update, overturn.otherwise()));
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
            RowMemory lowered =
                    remembering(memory, update, lower, Standing.CURRENT, written, lower);
            return newerThan(lower, lowered)
                    .<Decision>map(winner -> overturn(winner, lowered))
                    .orElseGet(() -> new Duplicate(lowered));
        }
        if (rank < 0 || isOlder(first, memory, update)) {
            return new Stale(
                    remembering(memory, update, first, Standing.PAST, written, memory.firstSeen()));
        }
        Version version = successor(written, first);
        return new Write(
                update.withVersion(version),
                remembering(memory, update, first, Standing.CURRENT, version, first));
    }

    /** The newest of the contents that lost to the current one, now that it is as old as this. */
    private static Optional<Sighting> newerThan(UUID lower, RowMemory memory) {
        return memory.sightings().stream()
                .filter(s -> s.kind() != Kind.DELIVERY && s.standing() == Standing.PAST)
                .filter(s -> s.rank() == memory.written().rank())
                .filter(s -> UNSIGNED.compare(s.first(), lower) > 0)
                .max(Comparator.comparing(Sighting::first, UNSIGNED));
    }

    private static Overturn overturn(Sighting winner, RowMemory lowered) {
        Version version = successor(lowered.written(), winner.first());
        List<Sighting> sightings =
                lowered.sightings().stream()
                        .map(s -> s.with(s.equals(winner) ? Standing.CURRENT : Standing.PAST))
                        .toList();
        RowMemory memory =
                new RowMemory(
                        lowered.epoch(), lowered.definition(), version, winner.first(), sightings);
        return new Overturn(winner, version, memory, new Duplicate(lowered));
    }

    /** The version of the newer of two contents, where a retry may have taken a larger id. */
    private static Version successor(Version written, UUID first) {
        boolean retryOvertook = UNSIGNED.compare(first, written.eventId()) <= 0;
        return written.withEventId(retryOvertook ? next(written.eventId()) : first);
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
                sightingsOf(update, id, Standing.CURRENT, update.version().rank()));
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
                kept.add(replaced ? old.with(Standing.PAST) : old);
            }
        }
        kept.addAll(sightingsOf(update, first, standing, rank(memory, update)));
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

    /** The highest rank the content came with. */
    private static Rank rank(RowMemory memory, RowUpdate update) {
        Rank rank = update.version().rank();
        for (Sighting sighting : memory.sightings()) {
            if (sighting.isOf(kindOf(update), update.contentHash())
                    && sighting.rank().compareTo(rank) > 0) {
                rank = sighting.rank();
            }
        }
        return rank;
    }

    private static List<Sighting> sightingsOf(
            RowUpdate update, UUID first, Standing standing, Rank rank) {
        List<Sighting> sightings = new ArrayList<>();
        sightings.add(new Sighting(kindOf(update), update.contentHash(), first, standing, rank));
        if (update.deliveryHash() != null) {
            sightings.add(
                    new Sighting(Kind.DELIVERY, update.deliveryHash(), first, standing, rank));
        }
        return sightings;
    }

    private static boolean isOf(Sighting sighting, RowUpdate update) {
        return sighting.isOf(kindOf(update), update.contentHash())
                || (update.deliveryHash() != null
                        && sighting.isOf(Kind.DELIVERY, update.deliveryHash()));
    }

    static Kind kindOf(RowUpdate update) {
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
