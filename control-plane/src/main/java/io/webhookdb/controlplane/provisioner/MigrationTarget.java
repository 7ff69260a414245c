package io.webhookdb.controlplane.provisioner;

import static io.webhookdb.schemas.row.TableSql.quoted;

import io.webhookdb.controlplane.provisioner.MigrationLedger.MovingTable;
import io.webhookdb.controlplane.provisioner.OrganizationRow.DatabaseRow;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The database an organization moves to. Everything that is made there may be made repeatedly. */
final class MigrationTarget implements AutoCloseable {
    private static final long LOCK = 0x7768_6462_0000_0000L;
    private static final String DUPLICATE_TABLE = "42P07";

    private final PostgresUrl url;
    private final DatabaseRow database;
    private final Connection connection;

    private MigrationTarget(PostgresUrl url, DatabaseRow database, Connection connection) {
        this.url = url;
        this.database = database;
        this.connection = connection;
    }

    /** Connects, unless another process is at work there. */
    static MigrationTarget open(PostgresUrl url, DatabaseRow database, long migration)
            throws SQLException {
        Connection connection = AdminConnections.openForCopy(url);
        try {
            try (PreparedStatement lock =
                    connection.prepareStatement("SELECT pg_catalog.pg_try_advisory_lock(?)")) {
                lock.setLong(1, LOCK + migration);
                try (ResultSet row = lock.executeQuery()) {
                    row.next();
                    if (!row.getBoolean(1)) {
                        throw new SQLException("Another process copies to it", "55P03");
                    }
                }
            }
            connection.setAutoCommit(false);
            return new MigrationTarget(url, database, connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    Connection connection() {
        return connection;
    }

    /** The schema, open to the reader. */
    void prepareSchema() throws SQLException {
        List<String> statements = new ArrayList<>();
        if (!exists("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ?", database.schema())) {
            statements.add("CREATE SCHEMA IF NOT EXISTS " + quoted(database.schema()));
        }
        if (!database.reader().equals(database.owner())) {
            statements.add(
                    "GRANT USAGE ON SCHEMA "
                            + quoted(database.schema())
                            + " TO "
                            + quoted(database.reader()));
        }
        AdminConnections.execute(connection, statements);
        connection.commit();
    }

    /**
     * The empty table, if it is not there yet.
     *
     * @throws SQLException 42P07 if something else has its name
     */
    void prepareTable(MovingTable table, ServiceDefinition service) throws SQLException {
        OwnerTables.Making made =
                OwnerTables.create(
                        url,
                        service,
                        database.schema(),
                        table.table(),
                        table.opaqueId(),
                        database.reader());
        if (made == OwnerTables.Making.TAKEN) {
            throw new SQLException(
                    "there is something else named \""
                            + table.table()
                            + "\" in schema \""
                            + database.schema()
                            + "\"; rename or drop it",
                    DUPLICATE_TABLE);
        }
    }

    /** A view, if its query works there; if not, that shows when it is built after the move. */
    void prepareView(SavedViewRow view) throws SQLException {
        try {
            OwnerViews.put(url, database.schema(), view.name(), view.sql(), database.reader());
        } catch (SQLException e) {
            if (!TenantWork.isFaultOfQuery(ServerFailure.sqlState(e))) {
                throw e;
            }
        }
    }

    private boolean exists(String sql, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
