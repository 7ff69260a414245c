package io.webhookdb.benchmarks;

import static io.webhookdb.schemas.row.TableSql.quoted;

import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.row.Extraction;
import io.webhookdb.schemas.row.RowExtractor;
import io.webhookdb.schemas.row.RowUpdate;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a careful program without this one would do: a batched upsert of many rows a statement over
 * one connection, without version guard or announcements.
 */
final class UpsertPeer {
    private static final int BATCH = 1000;

    private UpsertPeer() {}

    /**
     * Writes the rows the benchmark's events become. They are made piece by piece, while the clock
     * stands.
     */
    static Progress.Rate write(
            BenchmarkSystem system, String database, String table, long count, int state)
            throws Exception {
        try (Connection connection =
                        system.connect(database, Map.of("reWriteBatchedInserts", "true"));
                PreparedStatement statement = connection.prepareStatement(sql(table))) {
            connection.setAutoCommit(false);
            RowExtractor extractor = new RowExtractor(Charges.SERVICE);
            long cpu = system.postgresCpu().nanos();
            long nanos = 0;
            for (long i = 0; i < count; i += BATCH) {
                List<RowUpdate> rows = new ArrayList<>(BATCH);
                for (long number = i; number < Math.min(count, i + BATCH); number++) {
                    Extraction extraction =
                            extractor.extract(Charges.event("svi_peer", number, state), 1, 1);
                    rows.add(((Extraction.Rows) extraction).updates().get(0));
                }
                long start = System.nanoTime();
                for (RowUpdate row : rows) {
                    bind(statement, row);
                    statement.addBatch();
                }
                statement.executeBatch();
                connection.commit();
                nanos += System.nanoTime() - start;
            }
            return new Progress.Rate(
                    count * 1e9 / nanos, 0, (system.postgresCpu().nanos() - cpu) / 1e3 / count);
        }
    }

    private static void bind(PreparedStatement statement, RowUpdate row) throws Exception {
        int place = 1;
        statement.setString(place++, row.key());
        for (String cell : row.cells()) {
            statement.setString(place++, cell);
        }
        statement.setBytes(place++, row.version().bytes());
        statement.setString(place, new String(row.data(), StandardCharsets.UTF_8));
    }

    private static String sql(String table) {
        List<Column> columns = Charges.SERVICE.columns();
        String names =
                Stream.concat(
                                Stream.of(Charges.SERVICE.key().column()),
                                columns.stream().map(Column::name))
                        .map(name -> quoted(name))
                        .collect(Collectors.joining(", "));
        String values =
                columns.stream()
                        .map(column -> "?::" + column.type().sql())
                        .collect(Collectors.joining(", "));
        String set =
                columns.stream()
                        .map(column -> quoted(column.name()))
                        .map(name -> name + " = excluded." + name)
                        .collect(Collectors.joining(", "));
        return "INSERT INTO "
                + table
                + " ("
                + names
                + ", _version, _synced_at, data) VALUES (?, "
                + values
                + ", ?, now(), ?::jsonb) ON CONFLICT ("
                + quoted(Charges.SERVICE.key().column())
                + ") DO UPDATE SET "
                + set
                + ", _version = excluded._version, _synced_at = excluded._synced_at, data ="
                + " excluded.data";
    }
}
