package io.webhookdb.controlplane.provisioner;

import static io.webhookdb.schemas.row.TableSql.qualified;
import static io.webhookdb.schemas.row.TableSql.quoted;

import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import org.postgresql.core.Parser;

/**
 * Views of people's queries, made as the database's owner. A view checks the rights of who reads it
 * (Postgres: CREATE VIEW, security_invoker, since version 15), so the owner's rights reach nobody.
 */
final class OwnerViews {
    /** The old view's columns do not fit the new one's. */
    private static final String INVALID_TABLE_DEFINITION = "42P16";

    private OwnerViews() {}

    /** The view, new or with another query, readable by the reader. */
    static void put(PostgresUrl owner, String schema, String name, String sql, String reader)
            throws SQLException {
        String view = qualified(schema, name);
        String definition = " VIEW " + view + " WITH (security_invoker = true) AS\n" + sql;
        requireOne("CREATE" + definition);
        try (Connection connection = AdminConnections.open(owner);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.setEscapeProcessing(false);
            // Unqualified names mean what they mean to the reader.
            statement.execute("SET LOCAL search_path = " + quoted(schema));
            Savepoint before = connection.setSavepoint();
            try {
                statement.execute("CREATE OR REPLACE" + definition);
            } catch (SQLException e) {
                if (!INVALID_TABLE_DEFINITION.equals(e.getSQLState())) {
                    throw e;
                }
                connection.rollback(before);
                statement.execute("DROP VIEW " + view);
                statement.execute("CREATE" + definition);
            }
            statement.execute("GRANT SELECT ON " + view + " TO " + quoted(reader));
            connection.commit();
        }
    }

    static void drop(PostgresUrl owner, String schema, String name) throws SQLException {
        try (Connection connection = AdminConnections.open(owner)) {
            AdminConnections.execute(
                    connection, List.of("DROP VIEW IF EXISTS " + qualified(schema, name)));
        }
    }

    /** Whoever stored it made sure; a second statement would run with the owner's rights. */
    private static void requireOne(String sql) throws SQLException {
        if (Parser.parseJdbcSql(sql, true, false, true, false, false).size() != 1) {
            throw new SQLException("A view is made of one SELECT statement.", "42601");
        }
    }
}
