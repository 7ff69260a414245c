package io.webhookdb.connectors.sync;

import io.webhookdb.schemas.trace.TraceContext;
import java.time.Instant;
import java.util.List;

/**
 * One request or transaction.
 *
 * @param table what the rows are of
 * @param rows complete rows of distinct keys
 * @param startedAt start of the sync
 */
public record SyncPage(SyncTable table, List<SyncRow> rows, Instant startedAt) {
    SyncPage with(List<SyncRow> others) {
        return new SyncPage(table, others, startedAt);
    }

    /** The trace of a page of one row; of several rows none stands for the others. */
    TraceContext trace() {
        return rows.size() == 1 ? rows.get(0).trace() : null;
    }
}
