package io.webhookdb.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/**
 * Tells how many rows a table has that is being filled to be like another one. To count them is
 * work for the server that is measured, so they are counted only where it matters: after the first
 * tenth and at the end. Between, the size of the files tells.
 */
final class Mirror implements AutoCloseable {
    private final Connection connection;
    private final String table;
    private final long full;
    private final long rows;

    /**
     * @param table may not be there yet
     * @param like holds the same rows
     */
    Mirror(BenchmarkSystem system, String database, String table, String like) throws SQLException {
        this.connection = system.connect(database, Map.of());
        this.table = table;
        this.full = number("SELECT pg_relation_size('" + like + "')");
        this.rows = number("SELECT count(*) FROM " + like);
    }

    /** Counted in the second tenth and the last fiftieth, else estimated. */
    long rows() throws SQLException {
        double share =
                number("SELECT coalesce(pg_relation_size(to_regclass('" + table + "')), 0)")
                        / (double) full;
        boolean matters = (share >= 0.1 && share < 0.2) || share >= 0.98;
        return matters ? number("SELECT count(*) FROM " + table) : (long) (share * rows);
    }

    private long number(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
