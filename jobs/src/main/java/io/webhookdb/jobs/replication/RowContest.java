package io.webhookdb.jobs.replication;

import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.jobs.replication.RowMemory.Kind;
import io.webhookdb.jobs.replication.RowMemory.Sighting;
import io.webhookdb.jobs.replication.RowOrdering.Decision;
import io.webhookdb.jobs.replication.RowOrdering.Overturn;
import io.webhookdb.jobs.replication.RowOrdering.Write;
import io.webhookdb.schemas.row.RowUpdate;
import java.util.HexFormat;

/**
 * Decides on the states of a row, with the contents seen at its newest version time at hand: any of
 * them may turn out to be the newest once the original of a retry comes late.
 */
final class RowContest {
    private RowContest() {}

    /** Contents by key; may forget any of them at any time. */
    interface Contents {
        SourcedRow get(String key) throws Exception;

        void put(String key, SourcedRow row) throws Exception;

        void remove(String key) throws Exception;

        boolean contains(String key) throws Exception;
    }

    /**
     * What became of a row.
     *
     * @param decision the decision; never an {@link Overturn}
     * @param write what to pass on; null if nothing
     */
    record Result(Decision decision, SourcedRow write) {}

    /**
     * The decision on one row.
     *
     * @param memory what is remembered of it, null if nothing
     */
    static Result decide(RowMemory memory, SourcedRow row, Contents contents) throws Exception {
        RowUpdate update = row.update();
        Decision decision = RowOrdering.decide(memory, update, row.origin());
        keep(memory, decision.memory(), row, contents);
        if (!(decision instanceof Overturn overturn)) {
            return result(decision, row);
        }
        SourcedRow winner = contents.get(key(update.key(), overturn.winner()));
        if (winner == null || !winner.update().definition().equals(update.definition())) {
            return result(overturn.otherwise(), row);
        }
        RowUpdate written = winner.update().withVersion(overturn.version());
        return new Result(new Write(written, overturn.memory()), winner.with(written));
    }

    private static Result result(Decision decision, SourcedRow row) {
        return new Result(
                decision, decision instanceof Write write ? row.with(write.update()) : null);
    }

    private static void keep(RowMemory before, RowMemory now, SourcedRow row, Contents contents)
            throws Exception {
        RowUpdate update = row.update();
        if (now.written().timeMicros() != update.version().timeMicros()) {
            return;
        }
        String key = key(update.key(), RowOrdering.kindOf(update), update.contentHash());
        boolean another = before == null || isAnother(before, now);
        if (before != null && another) {
            for (Sighting old : before.sightings()) {
                if (old.kind() != Kind.DELIVERY) {
                    contents.remove(key(update.key(), old));
                }
            }
        }
        if (another || !isKnown(before, update) || !contents.contains(key)) {
            contents.put(key, row);
        }
    }

    private static boolean isAnother(RowMemory before, RowMemory now) {
        return before.written().timeMicros() != now.written().timeMicros()
                || before.epoch() != now.epoch()
                || !before.definition().equals(now.definition());
    }

    private static boolean isKnown(RowMemory memory, RowUpdate update) {
        return memory.sightings().stream()
                .anyMatch(s -> s.isOf(RowOrdering.kindOf(update), update.contentHash()));
    }

    private static String key(String rowKey, Sighting sighting) {
        return key(rowKey, sighting.kind(), sighting.hash());
    }

    private static String key(String rowKey, Kind kind, byte[] hash) {
        return kind.code() + HexFormat.of().formatHex(hash) + rowKey;
    }
}
