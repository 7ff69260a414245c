package io.webhookdb.connectors.replica;

import io.webhookdb.schemas.row.RowUpdate;

/** Merges two unwritten states of one row into the one that has to be written. */
final class RowMerge {
    private RowMerge() {}

    /**
     * The newer of the two; the later on equal versions. A delete that brings only the key takes
     * what it lacks from the state it buries, since that one will never reach the table itself.
     */
    static SourcedRow newest(SourcedRow earlier, SourcedRow later) {
        boolean laterWins = later.update().version().compareTo(earlier.update().version()) >= 0;
        SourcedRow winner = laterWins ? later : earlier;
        SourcedRow loser = laterWins ? earlier : later;
        boolean buries =
                winner.update().operation() == RowUpdate.Operation.DELETE_BY_KEY
                        && loser.update().operation() != RowUpdate.Operation.DELETE_BY_KEY
                        && winner.update().definition().equals(loser.update().definition());
        return buries ? winner.with(buried(winner.update(), loser.update())) : winner;
    }

    private static RowUpdate buried(RowUpdate delete, RowUpdate state) {
        String[] cells = state.cells().clone();
        for (int i = 0; i < cells.length; i++) {
            if (delete.cells()[i] != null) {
                cells[i] = delete.cells()[i];
            }
        }
        return new RowUpdate(
                delete.organization(),
                delete.integration(),
                delete.epoch(),
                delete.definition(),
                delete.key(),
                delete.version(),
                RowUpdate.Operation.DELETE,
                state.contentHash(),
                delete.deliveryHash(),
                delete.receivedAtMicros(),
                cells,
                state.data());
    }

    /** Roughly the heap a row takes, bytes. */
    static long weight(SourcedRow row) {
        RowUpdate update = row.update();
        long weight = 400L + update.key().length() + update.data().length;
        for (String cell : update.cells()) {
            weight += cell == null ? 0 : 40L + cell.length();
        }
        return weight;
    }
}
