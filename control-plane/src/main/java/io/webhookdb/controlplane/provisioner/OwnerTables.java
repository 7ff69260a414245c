package io.webhookdb.controlplane.provisioner;

import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.row.TableSql;
import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Replica tables, made and dropped as the database's owner. */
final class OwnerTables {
    private static final String DUPLICATE_TABLE = "42P07";
    private static final String MARKED =
            "SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid ="
                    + " c.relnamespace WHERE n.nspname = ? AND c.relkind IN ('r', 'p') AND"
                    + " pg_catalog.obj_description(c.oid, 'pg_class') = ?";

    private static final String FOREIGN =
            "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid ="
                    + " c.relnamespace WHERE n.nspname = ? AND c.relname = ? AND (c.relkind NOT IN"
                    + " ('r', 'p') OR pg_catalog.obj_description(c.oid, 'pg_class') IS DISTINCT"
                    + " FROM ?)";

    private OwnerTables() {}

    /** How the making of a table ended. */
    enum Making {
        DONE,
        /** Something else has that name. */
        TAKEN
    }

    /**
     * The table with its indexes, readable by the reader. It carries the integration's id as its
     * comment, which tells it from anything else of that name.
     */
    static Making create(
            PostgresUrl owner,
            ServiceDefinition service,
            String schema,
            String table,
            String indexPrefix,
            String reader)
            throws SQLException {
        List<String> statements = new ArrayList<>();
        statements.add(TableSql.createTable(service, schema, table));
        statements.add(marking(schema, table, indexPrefix));
        statements.addAll(TableSql.createIndexes(service, schema, table, indexPrefix));
        statements.add(
                "GRANT SELECT ON "
                        + TableSql.qualified(schema, table)
                        + " TO "
                        + TableSql.quoted(reader));
        try (Connection connection = AdminConnections.open(owner)) {
            connection.setAutoCommit(false);
            if (isForeign(connection, schema, table, indexPrefix)) {
                return Making.TAKEN;
            }
            AdminConnections.execute(connection, statements);
            connection.commit();
            return Making.DONE;
        }
    }

    /** Whether the name belongs to something that was not made for the integration. */
    private static boolean isForeign(
            Connection connection, String schema, String table, String integration)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FOREIGN)) {
            statement.setString(1, schema);
            statement.setString(2, table);
            statement.setString(3, comment(integration));
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    private static String marking(String schema, String table, String integration) {
        return "COMMENT ON TABLE "
                + TableSql.qualified(schema, table)
                + " IS '"
                + comment(integration)
                + "'";
    }

    /** The table of keys deleted for good: internal, so the reader does not see it. */
    static void createTombstones(
            PostgresUrl owner,
            ServiceDefinition service,
            String schema,
            String table,
            String reader)
            throws SQLException {
        List<String> statements = new ArrayList<>();
        statements.add(TableSql.createTombstones(service, schema, table));
        if (!reader.equals(owner.user())) {
            statements.add(
                    "REVOKE ALL ON "
                            + tombstones(schema, table)
                            + " FROM "
                            + TableSql.quoted(reader));
        }
        try (Connection connection = AdminConnections.open(owner)) {
            connection.setAutoCommit(false);
            AdminConnections.execute(connection, statements);
            connection.commit();
        }
    }

    private static String tombstones(String schema, String table) {
        return TableSql.qualified(schema, TableSql.tombstones(table));
    }

    /** How a renaming ended. */
    enum Renaming {
        DONE,
        /** Something else has that name. */
        TAKEN
    }

    /**
     * Another name. The renamed table carries the integration's id as its comment, so that it is
     * found again if nobody could note its name.
     */
    static Renaming rename(
            PostgresUrl owner, String schema, String table, String to, String integration)
            throws SQLException {
        try (Connection connection = AdminConnections.open(owner)) {
            connection.setAutoCommit(false);
            Optional<String> current = marked(connection, schema, integration);
            if (current.filter(to::equals).isPresent()) {
                return Renaming.DONE;
            }
            AdminConnections.execute(
                    connection,
                    List.of(
                            "ALTER TABLE "
                                    + TableSql.qualified(schema, current.orElse(table))
                                    + " RENAME TO "
                                    + TableSql.quoted(to),
                            marking(schema, to, integration),
                            "ALTER TABLE IF EXISTS "
                                    + tombstones(schema, current.orElse(table))
                                    + " RENAME TO "
                                    + TableSql.quoted(TableSql.tombstones(to))));
            connection.commit();
            return Renaming.DONE;
        } catch (SQLException e) {
            if (DUPLICATE_TABLE.equals(e.getSQLState())) {
                return Renaming.TAKEN;
            }
            throw e;
        }
    }

    /** With the views that read it: they can be made again, an ended integration must not stay. */
    static void drop(PostgresUrl owner, String schema, String table, String integration)
            throws SQLException {
        try (Connection connection = AdminConnections.open(owner)) {
            connection.setAutoCommit(false);
            String current = marked(connection, schema, integration).orElse(table);
            AdminConnections.execute(
                    connection,
                    List.of(
                            "DROP TABLE IF EXISTS "
                                    + TableSql.qualified(schema, current)
                                    + " CASCADE",
                            "DROP TABLE IF EXISTS " + tombstones(schema, current)));
            connection.commit();
        }
    }

    /** The name of the table that carries the integration's comment. */
    private static Optional<String> marked(Connection connection, String schema, String integration)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MARKED)) {
            statement.setString(1, schema);
            statement.setString(2, comment(integration));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    /** Ids are letters, digits and underscores: nothing to escape. */
    private static String comment(String integration) {
        return "WebhookDB integration " + integration;
    }
}
