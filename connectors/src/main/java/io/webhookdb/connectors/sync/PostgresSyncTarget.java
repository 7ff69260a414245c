package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.copy.CopyBytes;
import io.webhookdb.schemas.control.SyncTargetSettings.Deletes;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postgresql.PGConnection;

/**
 * Keeps a table in a customer's Postgres equal to a replica table. Each page is one transaction:
 * COPY to a temporary table, then one upsert that leaves newer rows alone; a table that was made
 * for it is filled without that detour. Deleted rows stay, with {@code _deleted_at}.
 *
 * <p>Pages travel in COPY's binary form. Where a column is of another type than the catalogue's, or
 * a value is spelled in a way we do not know, they travel as JSON, which the server reads by the
 * table's own types.
 */
final class PostgresSyncTarget implements SyncTarget {
    private static final Set<String> SHAPE_CHANGED = Set.of("42P01", "42703", "3F000");
    private static final String UNIQUE_VIOLATION = "23505";
    private static final int BUFFER = 64 << 10;

    private final PostgresUrl url;
    private final OutboundPolicy policy;
    private volatile Connection connection;
    private SyncTable ensured;
    private PostgresSyncSql sql;
    private CopyRows copyRows;

    /** Whether the table has exactly the catalogue's types. */
    private boolean isTyped;

    /** Whether this session made the table, and no row came twice since. */
    private boolean isNew;

    /** Temporary tables this session has. */
    private final Set<Stage> stages = EnumSet.noneOf(Stage.class);

    /** Those of the transaction under way. */
    private final Set<Stage> staged = EnumSet.noneOf(Stage.class);

    private enum Stage {
        TEXT,
        TYPED
    }

    PostgresSyncTarget(PostgresUrl url, OutboundPolicy policy) {
        this.url = url;
        this.policy = policy;
    }

    @Override
    public void deliver(SyncPage page) throws SyncException {
        try {
            connect();
            write(page);
        } catch (SQLException e) {
            if (!SHAPE_CHANGED.contains(e.getSQLState())) {
                throw failed(e);
            }
            againstTheTableAsItIsNow(page);
        }
    }

    /**
     * Someone dropped or altered the table since it was looked at, or a pooler goes on with another
     * session, which has no temporary tables.
     */
    private void againstTheTableAsItIsNow(SyncPage page) throws SyncException {
        try {
            connection.rollback();
            stages.clear();
            ensured = null;
            isNew = false;
            write(page);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private SyncException failed(SQLException e) {
        rest();
        return PostgresSessions.failure(url.server(), e);
    }

    private void connect() throws SQLException, SyncException {
        if (connection == null) {
            connection = PostgresSessions.open(url, policy);
        }
    }

    private void write(SyncPage page) throws SQLException {
        if (!page.table().equals(ensured)) {
            ensureTable(page.table());
        }
        Optional<CopyBytes> copy = isTyped ? copyRows.of(page.rows()) : Optional.empty();
        boolean removes =
                page.table().deletes() == Deletes.REMOVED
                        && page.rows().stream().anyMatch(SyncRow::deleted);
        if (copy.isPresent() && isNew && !removes && copied(copy.get())) {
            return;
        }
        if (copy.isPresent()) {
            stageTyped(copy.get());
            execute(sql.mergeTyped());
        } else {
            stageText(page.rows());
            execute(sql.merge());
        }
        if (removes) {
            execute(copy.isPresent() ? sql.removeTyped() : sql.remove());
        }
        connection.commit();
        stages.addAll(staged);
        staged.clear();
    }

    /**
     * Copies a page straight into a table this session made, which has none of the rows as a rule.
     * Where it has one, its unique key says so, and from then on pages are merged.
     */
    private boolean copied(CopyBytes copy) throws SQLException {
        try {
            copyIn(sql.copyTable(), copy.array(), copy.length());
            connection.commit();
            return true;
        } catch (SQLException e) {
            if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback();
            isNew = false;
            return false;
        }
    }

    /** Looks before it changes: a role may lack the right to create what exists already. */
    private void ensureTable(SyncTable table) throws SQLException {
        sql = new PostgresSyncSql(table);
        copyRows = new CopyRows(table);
        boolean isMade = false;
        if (!isThere()) {
            // Another lane may be about to make it, too. Whoever comes second would fail, and a row
            // would seem to have broken a unique key.
            columns(PostgresSyncSql.LOCK, table.schema());
            isMade = make(table);
        }
        isTyped = sql.isTyped(columns(PostgresSyncSql.COLUMNS, sql.name()));
        execute(sql.dropTypedStage());
        connection.commit();
        stages.remove(Stage.TYPED);
        isNew = isMade;
        ensured = table;
    }

    private boolean isThere() throws SQLException {
        Map<String, String> columns = columns(PostgresSyncSql.COLUMNS, sql.name());
        return !columns.isEmpty() && sql.addColumns(columns.keySet()).isEmpty();
    }

    /** Makes what is missing; true if that was the table. */
    private boolean make(SyncTable table) throws SQLException {
        if (columns(PostgresSyncSql.SCHEMA_EXISTS, table.schema()).isEmpty()) {
            execute(sql.createSchema());
        }
        Map<String, String> columns = columns(PostgresSyncSql.COLUMNS, sql.name());
        if (columns.isEmpty()) {
            execute(sql.createTable());
            return true;
        }
        for (String statement : sql.addColumns(columns.keySet())) {
            execute(statement);
        }
        return false;
    }

    private void stageTyped(CopyBytes copy) throws SQLException {
        make(Stage.TYPED, sql.dropTypedStage() + "; " + sql.createTypedStage());
        copyIn(sql.copyTypedStage(), copy.array(), copy.length());
    }

    private void stageText(List<SyncRow> rows) throws SQLException {
        make(Stage.TEXT, PostgresSyncSql.CREATE_STAGE);
        byte[] csv = CsvRows.of(rows);
        copyIn(PostgresSyncSql.COPY_STAGE, csv, csv.length);
    }

    private void make(Stage stage, String create) throws SQLException {
        staged.clear();
        if (!stages.contains(stage)) {
            execute(create);
            staged.add(stage);
        }
    }

    private void copyIn(String copy, byte[] bytes, int length) throws SQLException {
        try {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(copy, new ByteArrayInputStream(bytes, 0, length), BUFFER);
        } catch (IOException e) {
            throw new SQLException("Copy was interrupted", "08006", e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** First column to second, where there is one. */
    private Map<String, String> columns(String query, String parameter) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, parameter);
            try (ResultSet result = statement.executeQuery()) {
                int second = result.getMetaData().getColumnCount();
                Map<String, String> columns = new HashMap<>();
                while (result.next()) {
                    columns.put(result.getString(1), result.getString(second));
                }
                return columns;
            }
        }
    }

    @Override
    public void abort() {
        Connection open = connection;
        if (open != null) {
            try {
                open.abort(Runnable::run);
            } catch (SQLException e) {
                // The connection is gone already.
                return;
            }
        }
    }

    @Override
    public void rest() {
        Connection open = connection;
        connection = null;
        ensured = null;
        stages.clear();
        staged.clear();
        isNew = false;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                // The server is gone or going; either way the connection is.
                return;
            }
        }
    }
}
