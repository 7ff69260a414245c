package io.webhookdb.schemas.row;

import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.row.RowUpdate.Operation;
import java.util.List;

/**
 * Merges two states of one row that come together, so that nothing is lost when only one of them is
 * written: columns with a memory ({@link Column.Keep}) keep their values, and a delete that brings
 * only the key buries the resource that came before it. The same rule holds in the table:
 *
 * <ul>
 *   <li>{@code FIRST}: {@code CASE WHEN new IS NULL THEN NULL ELSE coalesce(old, new) END}
 *   <li>{@code KNOWN}: {@code coalesce(new, old)}
 *   <li>{@code LATEST}: {@code new}
 * </ul>
 */
public final class KeptCells {
    private KeptCells() {}

    /**
     * The newer of two states of one key, the second on equal versions, with what it keeps of the
     * other.
     *
     * @param service definition both were made by; null where it is not at hand: then every column
     *     is {@code LATEST}
     */
    public static RowUpdate newest(ServiceDefinition service, RowUpdate one, RowUpdate other) {
        boolean otherWins = other.version().compareTo(one.version()) >= 0;
        RowUpdate newer = otherWins ? other : one;
        RowUpdate older = otherWins ? one : other;
        List<Column> columns = service == null ? null : service.columns();
        String[] cells = newer.cells().clone();
        boolean keyOnly = isKeyOnly(newer);
        for (int i = 0; i < cells.length; i++) {
            cells[i] =
                    keyOnly && cells[i] == null
                            ? older.cells()[i]
                            : kept(
                                    columns == null ? Column.Keep.LATEST : columns.get(i).keep(),
                                    older.cells()[i],
                                    cells[i]);
        }
        RowUpdate merged = newer.withCells(cells);
        return keyOnly && !isKeyOnly(older) ? merged.withResourceOf(older) : merged;
    }

    private static boolean isKeyOnly(RowUpdate update) {
        return update.operation() == Operation.DELETE_BY_KEY;
    }

    /** What a column holds after an update. */
    static String kept(Column.Keep keep, String older, String newer) {
        return switch (keep) {
            case LATEST -> newer;
            case FIRST -> newer == null || older == null ? newer : older;
            case KNOWN -> newer == null ? older : newer;
        };
    }
}
