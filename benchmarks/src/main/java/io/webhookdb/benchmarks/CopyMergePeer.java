package io.webhookdb.benchmarks;

import static io.webhookdb.schemas.row.TableSql.quoted;

import io.webhookdb.schemas.catalog.Column;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.PGConnection;

/**
 * What a careful program would do to bring a table elsewhere: pages of it in COPY's binary form to
 * a temporary table, then one upsert guarded by version, over one connection.
 */
final class CopyMergePeer {
    private CopyMergePeer() {}

    private static String columns() {
        return Stream.concat(
                        Stream.of("pk", Charges.SERVICE.key().column()),
                        Stream.concat(
                                Charges.SERVICE.columns().stream().map(Column::name),
                                Stream.of("_version", "_synced_at", "_deleted_at", "data")))
                .map(name -> quoted(name))
                .collect(Collectors.joining(", "));
    }

    /** The table's rows, a page each. */
    static List<byte[]> pages(BenchmarkSystem system, String database, String table, int rows)
            throws Exception {
        long count = system.number(database, "SELECT count(*) FROM " + table);
        List<byte[]> pages = new ArrayList<>();
        try (Connection connection = system.connect(database, Map.of())) {
            for (long from = 0; from < count; from += rows) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyOut(
                                "COPY (SELECT "
                                        + columns()
                                        + " FROM "
                                        + table
                                        + " ORDER BY pk LIMIT "
                                        + rows
                                        + " OFFSET "
                                        + from
                                        + ") TO STDOUT (FORMAT binary)",
                                out);
                pages.add(out.toByteArray());
            }
        }
        return pages;
    }

    /** Writes the pages to a table that is made for it. */
    static Progress.Rate write(
            BenchmarkSystem system, String database, String table, String like, List<byte[]> pages)
            throws Exception {
        String key = quoted(Charges.SERVICE.key().column());
        String set =
                Stream.of(columns().split(", "))
                        .map(name -> name + " = excluded." + name)
                        .collect(Collectors.joining(", "));
        String merge =
                "INSERT INTO %1$s AS t (%2$s) SELECT %2$s FROM stage ORDER BY %3$s ON CONFLICT (%3$s)"
                                .formatted(table, columns(), key)
                        + " DO UPDATE SET "
                        + set
                        + " WHERE t._version IS NULL OR t._version <= excluded._version";
        try (Connection connection = system.connect(database, Map.of());
                Statement statement = connection.createStatement()) {
            String shape = "(SELECT " + columns() + " FROM " + like + " LIMIT 0)";
            statement.execute("CREATE TABLE " + table + " AS " + shape);
            statement.execute("ALTER TABLE " + table + " ADD UNIQUE (" + key + ")");
            connection.setAutoCommit(false);
            statement.execute("CREATE TEMPORARY TABLE stage ON COMMIT DELETE ROWS AS " + shape);
            connection.commit();
            long cpu = system.postgresCpu().nanos();
            long start = System.nanoTime();
            long rows = 0;
            for (byte[] page : pages) {
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn(
                                "COPY stage FROM STDIN (FORMAT binary)",
                                new ByteArrayInputStream(page),
                                64 << 10);
                rows += statement.executeUpdate(merge);
                connection.commit();
            }
            return new Progress.Rate(
                    rows * 1e9 / (System.nanoTime() - start),
                    0,
                    (system.postgresCpu().nanos() - cpu) / 1e3 / rows);
        }
    }
}
