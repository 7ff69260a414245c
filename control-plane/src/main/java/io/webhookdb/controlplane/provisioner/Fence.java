package io.webhookdb.controlplane.provisioner;

import io.webhookdb.schemas.row.TableSql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Keeps the owner from writing to its own tables, so that nobody who was not told, or was told and
 * forgot (a job restored from an old checkpoint), writes where nobody looks any more. A superuser
 * passes all the same.
 */
final class Fence {
    private static final String WRITES = "INSERT, UPDATE, DELETE, TRUNCATE";

    private Fence() {}

    /**
     * Waits for writers that are at work and keeps out those that come after. When it returns, the
     * table does not change any more.
     */
    static void raise(Connection connection, String schema, String table) throws SQLException {
        String name = TableSql.qualified(schema, table);
        if (!mayWrite(connection, name)) {
            return;
        }
        connection.setAutoCommit(false);
        AdminConnections.execute(
                connection,
                List.of(
                        "LOCK TABLE " + name + " IN SHARE MODE",
                        "REVOKE " + WRITES + " ON " + name + " FROM CURRENT_USER"));
        connection.commit();
        connection.setAutoCommit(true);
    }

    /** Lets the owner write again. */
    static void lower(Connection connection, String schema, String table) throws SQLException {
        AdminConnections.execute(
                connection,
                List.of(
                        "GRANT "
                                + WRITES
                                + " ON "
                                + TableSql.qualified(schema, table)
                                + " TO CURRENT_USER"));
    }

    private static boolean mayWrite(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT pg_catalog.has_table_privilege('"
                                        + name.replace("'", "''")
                                        + "', 'INSERT')")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
