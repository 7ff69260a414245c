package io.webhookdb.connectors.sync;

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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.postgresql.PGConnection;

/**
 * Keeps a table in a customer's Postgres equal to a replica table. Each page is one transaction:
 * COPY to a temporary table, then one upsert that leaves newer rows alone. Deleted rows stay, with
 * {@code _deleted_at}.
 */
final class PostgresSyncTarget implements SyncTarget {
    private static final Set<String> SHAPE_CHANGED = Set.of("42P01", "42703", "3F000");

    private final PostgresUrl url;
    private final OutboundPolicy policy;
    private Connection connection;
    private SyncTable ensured;
    private Stage stage = Stage.MISSING;

    /** Whether this session has its temporary table. */
    private enum Stage {
        MISSING,
        THERE
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

    /** Someone dropped or altered the table since it was looked at. */
    private void againstTheTableAsItIsNow(SyncPage page) throws SyncException {
        try {
            connection.rollback();
            ensured = null;
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
        PostgresSyncSql sql = new PostgresSyncSql(page.table());
        if (!page.table().equals(ensured)) {
            ensureTable(page.table(), sql);
            ensured = page.table();
        }
        stage(page.rows());
        execute(sql.merge());
        if (page.table().deletes() == Deletes.REMOVED
                && page.rows().stream().anyMatch(SyncRow::deleted)) {
            execute(sql.remove());
        }
        connection.commit();
        stage = Stage.THERE;
    }

    /** Looks before it changes: a role may lack the right to create what exists already. */
    private void ensureTable(SyncTable table, PostgresSyncSql sql) throws SQLException {
        if (strings(PostgresSyncSql.SCHEMA_EXISTS, table.schema()).isEmpty()) {
            execute(sql.createSchema());
        }
        Set<String> columns = strings(PostgresSyncSql.COLUMNS, sql.name());
        if (columns.isEmpty()) {
            execute(sql.createTable());
        } else {
            for (String statement : sql.addColumns(columns)) {
                execute(statement);
            }
        }
        connection.commit();
    }

    private void stage(List<SyncRow> rows) throws SQLException {
        if (stage == Stage.MISSING) {
            execute(PostgresSyncSql.CREATE_STAGE);
        }
        try {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(PostgresSyncSql.COPY_STAGE, new ByteArrayInputStream(CsvRows.of(rows)));
        } catch (IOException e) {
            throw new SQLException("Copy was interrupted", "08006", e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Set<String> strings(String sql, String parameter) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, parameter);
            try (ResultSet result = statement.executeQuery()) {
                Set<String> strings = new HashSet<>();
                while (result.next()) {
                    strings.add(result.getString(1));
                }
                return strings;
            }
        }
    }

    @Override
    public void rest() {
        Connection open = connection;
        connection = null;
        ensured = null;
        stage = Stage.MISSING;
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
