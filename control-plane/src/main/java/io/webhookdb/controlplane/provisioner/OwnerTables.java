package io.webhookdb.controlplane.provisioner;

import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.row.TableSql;
import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Replica tables, made and dropped as the database's owner. */
final class OwnerTables {
    private OwnerTables() {}

    /** The table with its indexes, readable by the reader. */
    static void create(
            PostgresUrl owner,
            ServiceDefinition service,
            String schema,
            String table,
            String indexPrefix,
            String reader)
            throws SQLException {
        List<String> statements = new ArrayList<>();
        statements.add(TableSql.createTable(service, schema, table));
        statements.addAll(TableSql.createIndexes(service, schema, table, indexPrefix));
        statements.add(
                "GRANT SELECT ON "
                        + TableSql.qualified(schema, table)
                        + " TO "
                        + TableSql.quoted(reader));
        inTransaction(owner, statements);
    }

    /** With the views that read it: they can be made again, an ended integration must not stay. */
    static void drop(PostgresUrl owner, String schema, String table) throws SQLException {
        inTransaction(
                owner,
                List.of("DROP TABLE IF EXISTS " + TableSql.qualified(schema, table) + " CASCADE"));
    }

    private static void inTransaction(PostgresUrl owner, List<String> statements)
            throws SQLException {
        try (Connection connection = AdminConnections.open(owner)) {
            connection.setAutoCommit(false);
            AdminConnections.execute(connection, statements);
            connection.commit();
        }
    }
}
