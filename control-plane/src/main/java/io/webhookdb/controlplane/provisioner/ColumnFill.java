package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.ProvisioningQueue;
import io.webhookdb.controlplane.database.ProvisioningQueue.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Columns that were added to a table and are filled while it is written.
 *
 * @param integration with the table as it is now
 * @param fromHash definition without the columns
 * @param toHash definition with them
 * @param pass 1 for all rows; 2 for those that writers who did not know the columns may have
 *     written meanwhile
 * @param cursor primary key up to which rows are filled
 */
record ColumnFill(
        long id,
        IntegrationRow integration,
        String fromHash,
        String toHash,
        int pass,
        long cursor,
        Instant createdAt,
        boolean finished) {

    /** Rows of the second pass were written since this long before the columns were added. */
    static final Duration MARGIN = Duration.ofMinutes(2);

    static Optional<ColumnFill> find(Handle handle, long id) {
        return handle.createQuery("SELECT * FROM column_fills WHERE id = :id")
                .bind("id", id)
                .map(
                        (row, context) ->
                                new ColumnFill(
                                        id,
                                        Ledger.integration(handle, row.getLong("integration_id"))
                                                .orElseThrow(),
                                        row.getString("from_hash"),
                                        row.getString("to_hash"),
                                        row.getInt("pass"),
                                        row.getLong("cursor_pk"),
                                        row.getTimestamp("created_at").toInstant(),
                                        row.getTimestamp("finished_at") != null))
                .findOne();
    }

    /** The table has the columns: everyone is told, and the filling is listed. */
    static void added(Handle handle, IntegrationRow integration, String wanted) {
        int changed =
                handle.execute(
                        "UPDATE integrations SET definition_hash = wanted_definition,"
                                + " wanted_definition = NULL, revision = revision + 1 WHERE id = ?"
                                + " AND wanted_definition = ?",
                        integration.id(),
                        wanted);
        if (changed == 0) {
            return;
        }
        long fill =
                handle.createQuery(
                                "INSERT INTO column_fills (integration_id, from_hash, to_hash)"
                                        + " VALUES (:integration, :from, :to) RETURNING id")
                        .bind("integration", integration.id())
                        .bind("from", integration.definitionHash())
                        .bind("to", wanted)
                        .mapTo(Long.class)
                        .one();
        ProvisioningQueue.add(handle, Kind.COLUMN_FILL, fill);
    }

    static void filled(Handle handle, long id, long cursor, int rows) {
        handle.execute(
                "UPDATE column_fills SET cursor_pk = ?, filled = filled + ? WHERE id = ?",
                cursor,
                rows,
                id);
    }

    static void passed(Handle handle, long id) {
        handle.execute("UPDATE column_fills SET pass = 2, cursor_pk = 0 WHERE id = ?", id);
        ProvisioningQueue.wake(handle);
    }

    static void finished(Handle handle, long id) {
        handle.execute("UPDATE column_fills SET finished_at = now() WHERE id = ?", id);
        ProvisioningQueue.wake(handle);
    }
}
