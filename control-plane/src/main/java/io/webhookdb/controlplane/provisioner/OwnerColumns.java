package io.webhookdb.controlplane.provisioner;

import static io.webhookdb.schemas.row.TableSql.quoted;

import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.row.PackedVersion;
import io.webhookdb.schemas.row.StoredCells;
import io.webhookdb.schemas.row.TableSql;
import io.webhookdb.security.connection.PostgresUrl;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** New columns of a replica table that is being written: nobody waits for them long. */
final class OwnerColumns {
    /** Whoever comes after a waiting ALTER waits behind it, so it must not wait long itself. */
    private static final String SHORT_WAIT = "SET lock_timeout = '300ms'";

    private static final int PAGE = 500;

    private OwnerColumns() {}

    /** Adds the columns, without values: no row is touched. */
    static void add(PostgresUrl owner, String schema, String table, List<Column> columns)
            throws SQLException {
        if (columns.isEmpty()) {
            return;
        }
        StringBuilder sql = new StringBuilder("ALTER TABLE " + TableSql.qualified(schema, table));
        String separator = " ";
        for (Column column : columns) {
            sql.append(separator)
                    .append("ADD COLUMN IF NOT EXISTS ")
                    .append(quoted(column.name()))
                    .append(' ')
                    .append(column.type().sql());
            separator = ", ";
        }
        try (Connection connection = AdminConnections.open(owner)) {
            AdminConnections.execute(connection, List.of(SHORT_WAIT, sql.toString()));
        }
    }

    /** Makes the columns' indexes; one whose making was cut off is made anew. */
    static void index(
            PostgresUrl owner,
            ServiceDefinition service,
            String schema,
            String table,
            String prefix)
            throws SQLException {
        try (Connection connection = AdminConnections.openForCopy(owner)) {
            AdminConnections.execute(connection, List.of("SET lock_timeout = 0"));
            for (String broken : invalid(connection, schema, table)) {
                AdminConnections.execute(
                        connection,
                        List.of(
                                "DROP INDEX CONCURRENTLY IF EXISTS "
                                        + TableSql.qualified(schema, broken)));
            }
            for (String sql : TableSql.createIndexes(service, schema, table, prefix)) {
                AdminConnections.execute(
                        connection,
                        List.of(sql.replaceFirst("^CREATE INDEX", "CREATE INDEX CONCURRENTLY")));
            }
        }
    }

    private static List<String> invalid(Connection connection, String schema, String table)
            throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT c.relname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON"
                                + " c.oid = i.indexrelid WHERE NOT i.indisvalid AND i.indrelid ="
                                + " ?::regclass")) {
            statement.setString(1, TableSql.qualified(schema, table));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
        }
        return names;
    }

    /** Told after every page. */
    interface Progress {
        void filled(long cursor, int rows);
    }

    /** Fills the columns of rows after a primary key that were written since. */
    static void fill(
            PostgresUrl owner,
            ServiceDefinition service,
            List<Column> columns,
            String schema,
            String table,
            long after,
            Instant since,
            Progress progress)
            throws SQLException {
        StoredCells cells = new StoredCells(service, columns);
        String name = TableSql.qualified(schema, table);
        try (Connection connection = AdminConnections.openForCopy(owner)) {
            long cursor = after;
            List<Row> rows = page(connection, name, cursor, since);
            while (!rows.isEmpty() && !Thread.currentThread().isInterrupted()) {
                update(connection, name, columns, cells, rows);
                cursor = rows.get(rows.size() - 1).pk();
                progress.filled(cursor, rows.size());
                rows = page(connection, name, cursor, since);
            }
            if (!rows.isEmpty()) {
                throw new SQLException("The provisioner stops", "57P01");
            }
        }
    }

    private record Row(long pk, byte[] version, String data) {}

    private static List<Row> page(Connection connection, String table, long after, Instant since)
            throws SQLException {
        List<Row> rows = new ArrayList<>(PAGE);
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT pk, _version, data::text FROM "
                                + table
                                + " WHERE pk > ? AND _synced_at >= ?::timestamptz ORDER BY pk LIMIT "
                                + PAGE)) {
            statement.setLong(1, after);
            statement.setString(2, since.toString());
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.add(new Row(result.getLong(1), result.getBytes(2), result.getString(3)));
                }
            }
        }
        return rows;
    }

    /** A row that was written since it was read has its values from who wrote it. */
    private static void update(
            Connection connection,
            String table,
            List<Column> columns,
            StoredCells cells,
            List<Row> rows)
            throws SQLException {
        String[][] values = new String[columns.size()][rows.size()];
        Long[] pks = new Long[rows.size()];
        byte[][] versions = new byte[rows.size()][];
        for (int r = 0; r < rows.size(); r++) {
            Row row = rows.get(r);
            pks[r] = row.pk();
            versions[r] = row.version();
            PackedVersion version = PackedVersion.ofBytes(row.version());
            // The first 48 bits of an event's id are when it came, in milliseconds.
            long received = (version.changedBy().getMostSignificantBits() >>> 16) * 1000;
            String[] read =
                    cells.read(
                            row.data().getBytes(StandardCharsets.UTF_8),
                            received,
                            version.version().timeMicros());
            for (int c = 0; c < read.length; c++) {
                values[c][r] = read[c];
            }
        }
        try (PreparedStatement statement = connection.prepareStatement(sql(table, columns))) {
            int parameter = 1;
            statement.setArray(parameter++, connection.createArrayOf("bigint", pks));
            statement.setArray(parameter++, connection.createArrayOf("bytea", versions));
            for (String[] column : values) {
                statement.setArray(parameter++, connection.createArrayOf("text", column));
            }
            statement.executeUpdate();
        }
    }

    private static String sql(String table, List<Column> columns) {
        StringBuilder set = new StringBuilder();
        StringBuilder arrays = new StringBuilder("?::bigint[], ?::bytea[]");
        StringBuilder names = new StringBuilder("pk, v");
        for (int c = 0; c < columns.size(); c++) {
            set.append(c == 0 ? "" : ", ")
                    .append(quoted(columns.get(c).name()))
                    .append(" = u.c")
                    .append(c)
                    .append("::")
                    .append(columns.get(c).type().sql());
            arrays.append(", ?::text[]");
            names.append(", c").append(c);
        }
        return "UPDATE "
                + table
                + " AS t SET "
                + set
                + " FROM unnest("
                + arrays
                + ") AS u("
                + names
                + ") WHERE t.pk = u.pk AND t._version = u.v";
    }
}
