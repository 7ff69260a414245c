package io.webhookdb.jobs.replication;

import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.jobs.replication.RowMemory.Kind;
import io.webhookdb.jobs.replication.RowMemory.Sighting;
import io.webhookdb.jobs.replication.RowMemory.Standing;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.row.Version;
import io.webhookdb.schemas.row.Version.Rank;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/** What {@link RowOrdering} keeps of the states it saw: their hashes, ranks and places. */
final class Sightings {
    /** Event ids in the order of arrival. */
    static final Comparator<UUID> UNSIGNED =
            Comparator.comparing(UUID::getMostSignificantBits, Long::compareUnsigned)
                    .thenComparing(UUID::getLeastSignificantBits, Long::compareUnsigned);

    private Sightings() {}

    /** Of a row nothing is known of, or nothing that counts any more. */
    static RowMemory fresh(SourcedRow row) {
        RowUpdate update = row.update();
        UUID id = update.version().eventId();
        return new RowMemory(
                update.epoch(),
                update.definition(),
                update.version(),
                id,
                sightingsOf(row, id, Standing.CURRENT, Seen.of(row)));
    }

    /** Whether it is the newest state that comes again. */
    static boolean isCurrent(RowMemory memory, RowUpdate update) {
        return memory.sightings().stream()
                .anyMatch(s -> s.standing() == Standing.CURRENT && isOf(s, update));
    }

    /** What is remembered with one more event of the newest version time. */
    static RowMemory with(
            RowMemory memory,
            SourcedRow row,
            UUID first,
            Standing standing,
            Version written,
            UUID firstSeen) {
        RowUpdate update = row.update();
        boolean replaced = standing == Standing.CURRENT && !isCurrent(memory, update);
        List<Sighting> kept = new ArrayList<>();
        for (Sighting old : memory.sightings()) {
            if (!isOf(old, update)) {
                kept.add(replaced ? old.with(Standing.PAST) : old);
            }
        }
        kept.addAll(sightingsOf(row, first, standing, highest(memory, row)));
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

    /** What a content ranks, and where the event lies that ranked it so. */
    private record Seen(Rank rank, LogPlace place) {
        static Seen of(SourcedRow row) {
            return new Seen(row.update().version().rank(), LogPlace.of(row));
        }
    }

    /** Of everything the content came with: its event would win if it were processed again. */
    private static Seen highest(RowMemory memory, SourcedRow row) {
        RowUpdate update = row.update();
        Seen highest = Seen.of(row);
        for (Sighting sighting : memory.sightings()) {
            if (sighting.isOf(kindOf(update), update.contentHash())
                    && sighting.rank().compareTo(highest.rank()) > 0) {
                highest = new Seen(sighting.rank(), sighting.place());
            }
        }
        return highest;
    }

    private static List<Sighting> sightingsOf(
            SourcedRow row, UUID first, Standing standing, Seen seen) {
        RowUpdate update = row.update();
        Sighting content =
                new Sighting(
                        kindOf(update),
                        update.contentHash(),
                        first,
                        standing,
                        seen.rank(),
                        seen.place());
        return update.deliveryHash() == null
                ? List.of(content)
                : List.of(
                        content,
                        new Sighting(
                                Kind.DELIVERY,
                                update.deliveryHash(),
                                first,
                                standing,
                                seen.rank(),
                                null));
    }

    /** Whether it is of the content, or of the delivery, of that state. */
    static boolean isOf(Sighting sighting, RowUpdate update) {
        return sighting.isOf(kindOf(update), update.contentHash())
                || (update.deliveryHash() != null
                        && sighting.isOf(Kind.DELIVERY, update.deliveryHash()));
    }

    private static Kind kindOf(RowUpdate update) {
        return update.operation() == RowUpdate.Operation.UPSERT ? Kind.CONTENT : Kind.TOMBSTONE;
    }
}
