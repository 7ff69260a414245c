package io.webhookdb.connectors.sync.redshift;

import io.webhookdb.connectors.sync.SyncException;
import io.webhookdb.connectors.sync.warehouse.CellLimits;
import io.webhookdb.connectors.sync.warehouse.Jdbc;
import java.sql.SQLException;
import java.util.List;

/** How rows get into the temporary table. */
interface RedshiftStage {
    /** What a cell can hold on this way. */
    CellLimits limits();

    /** Makes the temporary table and fills it, within the session's transaction. */
    void fill(Jdbc session, RedshiftSql sql, List<List<String>> rows)
            throws SQLException, SyncException;

    /** Temporary table to table. */
    String insert(RedshiftSql sql);
}
