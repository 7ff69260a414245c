package io.webhookdb.connectors.sync;

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
}
