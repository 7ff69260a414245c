package io.webhookdb.schemas.change;

import io.webhookdb.schemas.change.RowChange.Op;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which changes are told onward: those that pass all three. Where the change does not say enough
 * (former values unknown), it passes: rather one too many than one missed.
 *
 * @param operations what may have happened to the row; empty for anything
 * @param changedColumns an update passes if it changed one of these; empty for any. Inserts and
 *     deletes pass
 * @param where all have to hold for the row as it is now
 */
public record ChangeFilter(
        Set<Op> operations, List<String> changedColumns, List<ColumnCondition> where) {
    /** Lets everything pass. */
    public static final ChangeFilter EVERYTHING =
            new ChangeFilter(Set.of(), List.of(), List.of());

    public ChangeFilter {
        operations =
                operations == null
                        ? Set.of()
                        : java.util.Collections.unmodifiableSet(new LinkedHashSet<>(operations));
        changedColumns = changedColumns == null ? List.of() : List.copyOf(changedColumns);
        where = where == null ? List.of() : List.copyOf(where);
    }

    /** Whether the change is to be told. */
    public boolean accepts(RowChange change) {
        return (operations.isEmpty() || operations.contains(change.op()))
                && touches(change)
                && where.stream().allMatch(one -> holds(one, change));
    }

    private boolean touches(RowChange change) {
        return changedColumns.isEmpty()
                || change.op() != Op.UPDATE
                || change.previous() == null
                || changedColumns.stream().anyMatch(change.previous()::containsKey);
    }

    private static boolean holds(ColumnCondition condition, RowChange change) {
        boolean unknown =
                change.row() == null
                        || (change.truncated() && !change.row().containsKey(condition.column()));
        return unknown || condition.meets(change.row().get(condition.column()));
    }
}
