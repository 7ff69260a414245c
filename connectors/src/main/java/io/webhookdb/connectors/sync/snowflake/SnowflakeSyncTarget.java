package io.webhookdb.connectors.sync.snowflake;

import io.webhookdb.connectors.sync.SyncException;
import io.webhookdb.connectors.sync.SyncFailure;
import io.webhookdb.connectors.sync.SyncPage;
import io.webhookdb.connectors.sync.SyncTable;
import io.webhookdb.connectors.sync.SyncTarget;
import io.webhookdb.connectors.sync.warehouse.CellLimits;
import io.webhookdb.connectors.sync.warehouse.CsvFile;
import io.webhookdb.connectors.sync.warehouse.Drivers;
import io.webhookdb.connectors.sync.warehouse.Jdbc;
import io.webhookdb.connectors.sync.warehouse.WarehouseRows;
import io.webhookdb.security.connection.SnowflakeUrl;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Keeps a table in a customer's Snowflake equal to a replica table. Each page is uploaded as
 * compressed files to a temporary stage, copied to a temporary table, and merged by one statement
 * that leaves newer rows alone; only that statement touches the table, so a crash before it changes
 * nothing and a repetition after it changes nothing more. Deleted rows stay, with {@code
 * _DELETED_AT}, unless they are to go.
 */
public final class SnowflakeSyncTarget implements SyncTarget {
    /** The lengths of VARCHAR and VARIANT that hold in every account. */
    private static final CellLimits LIMITS = new CellLimits(16 << 20, 16 << 20, Integer.MAX_VALUE);

    private static final long MOST_FILE_CHARACTERS = 64L << 20;
    private static final String USUAL_SCHEMA = "public";

    private final SnowflakeUrl account;
    private final SnowflakeSessions sessions;
    private volatile Jdbc session;
    private SyncTable ensured;

    public SnowflakeSyncTarget(
            SnowflakeUrl account,
            SnowflakeEndpoint endpoint,
            OutboundPolicy policy,
            Drivers drivers) {
        this.account = account;
        this.sessions = new SnowflakeSessions(account, endpoint, policy, drivers);
    }

    @Override
    public void deliver(SyncPage page) throws SyncException {
        List<List<String>> rows = WarehouseRows.of(page, LIMITS);
        try {
            connect();
            write(page.table(), rows);
        } catch (SQLException e) {
            if (session == null || !SnowflakeFailure.isShapeChanged(e)) {
                throw failed(e);
            }
            againstTheTableAsItIsNow(page.table(), rows);
        }
    }

    /** Someone dropped or altered the table since it was looked at. */
    private void againstTheTableAsItIsNow(SyncTable table, List<List<String>> rows)
            throws SyncException {
        try {
            ensured = null;
            write(table, rows);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private SyncException failed(SQLException e) {
        rest();
        return SnowflakeFailure.of(account.host(), e);
    }

    private void connect() throws SQLException, SyncException {
        if (session == null) {
            session = sessions.open();
        }
    }

    private void write(SyncTable table, List<List<String>> rows)
            throws SQLException, SyncException {
        SnowflakeSql sql = new SnowflakeSql(account.database(), schema(table), table);
        if (!table.equals(ensured)) {
            ensureTable(sql);
            ensured = table;
        }
        session.execute(sql.createStage());
        long copied = session.update(sql.copy(upload(sql, rows)));
        if (copied != rows.size()) {
            rest();
            throw new SyncException(
                    SyncFailure.TRANSIENT,
                    account.host()
                            + ": COPY loaded "
                            + copied
                            + " rows of "
                            + rows.size()
                            + " uploaded.");
        }
        session.update(sql.merge());
    }

    /** The URL may name a schema; one that was given to the target itself wins. */
    private String schema(SyncTable table) {
        boolean unnamed = table.schema().equals(USUAL_SCHEMA);
        return unnamed && !account.schema().isEmpty() ? account.schema() : table.schema();
    }

    /** Looks before it changes: a role may lack the right to create what exists already. */
    private void ensureTable(SnowflakeSql sql) throws SQLException {
        if (session.strings(SnowflakeSql.SCHEMA_EXISTS, sql.schema()).isEmpty()) {
            session.execute(sql.createSchema());
        }
        Set<String> columns = session.strings(SnowflakeSql.COLUMNS, sql.schema(), sql.table());
        if (columns.isEmpty()) {
            session.execute(sql.createTable());
        } else {
            for (String statement : sql.addColumns(columns)) {
                session.execute(statement);
            }
        }
        session.execute(sql.createFiles());
    }

    /**
     * By way of local files, which the driver reads itself.
     *
     * @return names of the files in the stage
     */
    private List<String> upload(SnowflakeSql sql, List<List<String>> rows) throws SQLException {
        List<String> names = new ArrayList<>();
        for (List<List<String>> part : CsvFile.evenly(rows, MOST_FILE_CHARACTERS)) {
            try {
                Path file = Files.createTempFile("webhookdb-sync-", ".csv.gz");
                try {
                    Files.write(file, CsvFile.gzipped(part, ""));
                    session.execute(sql.put(file.toString()));
                    names.add(file.getFileName().toString());
                } finally {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                throw new SQLException("A file for upload cannot be written", "58030", e);
            }
        }
        return names;
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
