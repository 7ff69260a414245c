package io.webhookdb.connectors.replica;

import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.row.KeptCells;
import io.webhookdb.schemas.row.RowUpdate;
import java.util.Arrays;
import java.util.function.Function;

/** Merges two unwritten states of one row into the one that has to be written. */
final class RowMerge {
    private final Function<String, ServiceDefinition> definitions;

    /**
     * @param definitions a definition by its hash; null where it is not known, then no column keeps
     *     anything
     */
    RowMerge(Function<String, ServiceDefinition> definitions) {
        this.definitions = definitions;
    }

    /**
     * The newer of the two; the later on equal versions. It takes what it keeps from the other (a
     * delete that brings only the key: all it lacks), since that one will never reach the table
     * itself. One of the two themselves if nothing had to be taken.
     */
    SourcedRow newest(SourcedRow earlier, SourcedRow later) {
        boolean laterWins = later.update().version().compareTo(earlier.update().version()) >= 0;
        SourcedRow winner = laterWins ? later : earlier;
        RowUpdate loser = (laterWins ? earlier : later).update();
        RowUpdate update = winner.update();
        if (!update.definition().equals(loser.definition())) {
            return winner;
        }
        // The winner second: of equal versions that one counts.
        RowUpdate merged = KeptCells.newest(definitions.apply(update.definition()), loser, update);
        boolean same =
                merged.operation() == update.operation()
                        && Arrays.equals(merged.cells(), update.cells());
        return same ? winner : winner.with(merged);
    }

    /** Roughly the heap a row takes, bytes. */
    static long weight(SourcedRow row) {
        return weight(row.update());
    }

    static long weight(RowUpdate update) {
        long weight = 400L + update.key().length() + update.data().length;
        for (String cell : update.cells()) {
            weight += cell == null ? 0 : 40L + cell.length();
        }
        return weight;
    }
}
