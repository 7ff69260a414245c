package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.provisioner.MigrationFailure.OfTarget;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.row.TableSql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;

/**
 * Brings one table's rows from one server to another, streaming: neither heap nor disk holds them.
 * Not thread-safe.
 */
final class TableCopy {
    private final Connection source;
    private final Connection target;
    private final ReplicaColumns columns;
    private final ServiceDefinition service;
    private final String targetSchema;
    private final String table;
    private final String from;
    private final String to;
    private final String fromGone;
    private final String toGone;

    /**
     * @param source in autocommit
     * @param target not in autocommit
     */
    TableCopy(
            Connection source,
            String sourceSchema,
            Connection target,
            String targetSchema,
            String table,
            ServiceDefinition service) {
        this.source = source;
        this.target = target;
        this.columns = new ReplicaColumns(service);
        this.service = service;
        this.targetSchema = targetSchema;
        this.table = table;
        this.from = TableSql.qualified(sourceSchema, table);
        this.to = TableSql.qualified(targetSchema, table);
        this.fromGone = TableSql.qualified(sourceSchema, TableSql.tombstones(table));
        this.toGone = TableSql.qualified(targetSchema, TableSql.tombstones(table));
    }

    /** How many rows there are about now. */
    long rows() throws SQLException {
        return number(source, "SELECT count(*) FROM " + from);
    }

    /** Time of the source's clock, microseconds since the epoch. */
    static long clockMicros(Connection source) throws SQLException {
        return number(
                source,
                "SELECT (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000000)::bigint");
    }

    /** Copies the next rows by primary key; returns where the next page begins. */
    Page page(long after, int most) throws SQLException, OfTarget {
        long rows = transfer(columns.copyPage(from, after, most));
        try {
            long last =
                    rows == 0
                            ? after
                            : number(target, "SELECT max(pk) FROM pg_temp." + ReplicaColumns.STAGE);
            target.commit();
            return new Page(last, rows);
        } catch (SQLException e) {
            throw new OfTarget(e);
        }
    }

    /**
     * Some rows.
     *
     * @param last primary key of the last one
     * @param rows how many
     */
    record Page(long last, long rows) {}

    /** Copies what was written from a time on, and returns how many rows that were. */
    long since(long micros) throws SQLException, OfTarget {
        long rows = transfer(columns.copySince(from, micros));
        try {
            target.commit();
            return rows;
        } catch (SQLException e) {
            throw new OfTarget(e);
        }
    }

    /**
     * Makes the target equal the source, which nobody may write meanwhile: deletes what is gone,
     * sets the sequence, compares both.
     *
     * @throws SQLException if they differ even after all rows were copied once more
     */
    void finish() throws SQLException, OfTarget {
        gone();
        sequence();
        if (equal()) {
            return;
        }
        try {
            AdminConnections.execute(target, List.of("TRUNCATE " + to));
        } catch (SQLException e) {
            throw new OfTarget(e);
        }
        transfer(columns.copyAll(from));
        try {
            target.commit();
        } catch (SQLException e) {
            throw new OfTarget(e);
        }
        if (!equal()) {
            throw new SQLException("The copy of table " + table + " differs from it");
        }
    }

    private boolean equal() throws SQLException, OfTarget {
        String ours = text(source, columns.fingerprint(from));
        try {
            String theirs = text(target, columns.fingerprint(to));
            target.commit();
            return ours.equals(theirs);
        } catch (SQLException e) {
            throw new OfTarget(e);
        }
    }

    private void gone() throws SQLException, OfTarget {
        if (text(source, "SELECT pg_catalog.to_regclass('" + literal(fromGone) + "')") == null) {
            return;
        }
        try {
            AdminConnections.execute(
                    target,
                    List.of(
                            TableSql.createTombstones(service, targetSchema, table),
                            "TRUNCATE " + toGone));
        } catch (SQLException e) {
            throw new OfTarget(e);
        }
        stream("COPY " + fromGone + " TO STDOUT", "COPY " + toGone + " FROM STDIN");
        try {
            AdminConnections.execute(target, List.of(columns.deleteGone(to, toGone)));
            target.commit();
        } catch (SQLException e) {
            throw new OfTarget(e);
        }
    }

    private void sequence() throws SQLException, OfTarget {
        String name = text(source, sequenceOf(from));
        String value = text(source, "SELECT last_value || ', ' || is_called FROM " + name);
        try {
            String theirs = text(target, sequenceOf(to));
            text(target, "SELECT pg_catalog.setval('" + literal(theirs) + "', " + value + ")");
            target.commit();
        } catch (SQLException e) {
            throw new OfTarget(e);
        }
    }

    /** Rows into the stage and from there into the table; not committed. */
    private long transfer(String copyOut) throws SQLException, OfTarget {
        try {
            target.rollback();
            AdminConnections.execute(target, List.of(columns.createStage(to)));
        } catch (SQLException e) {
            throw new OfTarget(e);
        }
        long rows = stream(copyOut, columns.fillStage());
        if (rows > 0) {
            try {
                AdminConnections.execute(target, List.of(columns.merge(to)));
            } catch (SQLException e) {
                throw new OfTarget(e);
            }
        }
        return rows;
    }

    private long stream(String copyOut, String copyIn) throws SQLException, OfTarget {
        CopyManager reading = source.unwrap(PGConnection.class).getCopyAPI();
        CopyIn in;
        try {
            in = target.unwrap(PGConnection.class).getCopyAPI().copyIn(copyIn);
        } catch (SQLException e) {
            throw new OfTarget(e);
        }
        CopyOut out = null;
        try {
            out = reading.copyOut(copyOut);
            byte[] row = out.readFromCopy();
            while (row != null) {
                write(in, row);
                row = out.readFromCopy();
            }
            return end(in);
        } finally {
            if (out != null && out.isActive()) {
                out.cancelCopy();
            }
            if (in.isActive()) {
                in.cancelCopy();
            }
        }
    }

    private static void write(CopyIn in, byte[] row) throws OfTarget {
        try {
            in.writeToCopy(row, 0, row.length);
        } catch (SQLException e) {
            throw new OfTarget(e);
        }
    }

    private static long end(CopyIn in) throws OfTarget {
        try {
            return in.endCopy();
        } catch (SQLException e) {
            throw new OfTarget(e);
        }
    }

    private static String sequenceOf(String table) {
        return "SELECT pg_catalog.pg_get_serial_sequence('" + literal(table) + "', 'pk')";
    }

    private static String literal(String text) {
        return text.replace("'", "''");
    }

    private static long number(Connection connection, String sql) throws SQLException {
        return Long.parseLong(text(connection, sql));
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
