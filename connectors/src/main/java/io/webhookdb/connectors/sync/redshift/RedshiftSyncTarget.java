package io.webhookdb.connectors.sync.redshift;

import io.webhookdb.connectors.sync.SyncException;
import io.webhookdb.connectors.sync.SyncFailure;
import io.webhookdb.connectors.sync.SyncPage;
import io.webhookdb.connectors.sync.SyncTable;
import io.webhookdb.connectors.sync.SyncTarget;
import io.webhookdb.connectors.sync.warehouse.Drivers;
import io.webhookdb.connectors.sync.warehouse.Jdbc;
import io.webhookdb.connectors.sync.warehouse.WarehouseRows;
import io.webhookdb.security.connection.RedshiftUrl;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * Keeps a table in a customer's Redshift equal to a replica table. Each page is one transaction:
 * rows into a temporary table, by files in S3 or by inserts, then the older versions of them
 * deleted and the new ones inserted; newer rows of the table are left alone. Deleted rows stay,
 * with {@code _deleted_at}, unless they are to go.
 */
public final class RedshiftSyncTarget implements SyncTarget {
    private final RedshiftUrl url;
    private final RedshiftSessions sessions;
    private final RedshiftStage stage;
    private volatile Jdbc session;
    private SyncTable ensured;
    private long pages;

    /**
     * @param storage where the bucket is, ending with a slash; null without one
     */
    public RedshiftSyncTarget(
            RedshiftUrl url, URI storage, OutboundPolicy policy, Drivers drivers) {
        this.url = url;
        this.sessions = new RedshiftSessions(url.database(), policy, drivers);
        this.stage =
                url.staging() == null
                        ? new InsertedRows()
                        : new CopiedFiles(
                                url.staging(), new S3Bucket(url.staging(), storage, policy));
    }

    @Override
    public void deliver(SyncPage page) throws SyncException {
        List<List<String>> rows = WarehouseRows.of(page, stage.limits());
        try {
            connect();
            write(page.table(), rows);
        } catch (SQLException e) {
            if (session == null || !RedshiftFailure.isShapeChanged(e)) {
                throw failed(e);
            }
            againstTheTableAsItIsNow(page.table(), rows);
        } catch (SyncException e) {
            rest();
            throw e;
        }
    }

    /** Someone dropped or altered the table since it was looked at. */
    private void againstTheTableAsItIsNow(SyncTable table, List<List<String>> rows)
            throws SyncException {
        try {
            session.connection().rollback();
            ensured = null;
            write(table, rows);
        } catch (SQLException e) {
            throw failed(e);
        } catch (SyncException e) {
            rest();
            throw e;
        }
    }

    private SyncException failed(SQLException e) {
        rest();
        return RedshiftFailure.of(url.database().server(), e);
    }

    private void connect() throws SQLException, SyncException {
        if (session == null) {
            session = sessions.open();
        }
    }

    private void write(SyncTable table, List<List<String>> rows)
            throws SQLException, SyncException {
        RedshiftSql sql = new RedshiftSql(table, ++pages);
        if (!table.equals(ensured)) {
            ensureTable(sql);
            ensured = table;
        }
        stage.fill(session, sql, rows);
        long staged = session.number(sql.countStage());
        if (staged != rows.size()) {
            throw new SyncException(
                    SyncFailure.TRANSIENT,
                    url.database().server()
                            + ": "
                            + staged
                            + " rows of "
                            + rows.size()
                            + " arrived in the temporary table.");
        }
        session.execute(sql.deleteOlder());
        session.execute(stage.insert(sql));
        session.execute(sql.dropStage());
        session.connection().commit();
    }

    /** Looks before it changes: a role may lack the right to create what exists already. */
    private void ensureTable(RedshiftSql sql) throws SQLException {
        if (session.strings(RedshiftSql.SCHEMA_EXISTS, sql.schema()).isEmpty()) {
            session.execute(sql.createSchema());
        }
        Set<String> columns = session.strings(RedshiftSql.COLUMNS, sql.schema(), sql.table());
        if (columns.isEmpty()) {
            session.execute(sql.createTable());
        } else {
            for (String statement : sql.addColumns(columns)) {
                session.execute(statement);
            }
        }
        session.connection().commit();
    }

    @Override
    public void abort() {
        Jdbc open = session;
        if (open != null) {
            open.abort();
        }
    }

    @Override
    public void rest() {
        Jdbc open = session;
        session = null;
        ensured = null;
        if (open != null) {
            open.close();
        }
    }
}
