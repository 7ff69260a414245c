package io.webhookdb.benchmarks;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.util.Map;
import org.postgresql.PGConnection;

/** Raw binary COPY over one connection: the most a server takes. */
final class CopyPeer {
    private CopyPeer() {}

    /** The rows of a table in COPY's binary form. */
    static byte[] read(BenchmarkSystem system, String database, String table) throws Exception {
        try (Connection connection = system.connect(database, Map.of())) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY " + table + " TO STDOUT (FORMAT binary)", out);
            return out.toByteArray();
        }
    }

    /** Writes rows into an empty table; the commit is measured, too. */
    static Progress.Rate write(BenchmarkSystem system, String database, String table, byte[] rows)
            throws Exception {
        try (Connection connection = system.connect(database, Map.of())) {
            connection.setAutoCommit(false);
            long cpu = system.postgresCpu().nanos();
            long start = System.nanoTime();
            long count =
                    connection
                            .unwrap(PGConnection.class)
                            .getCopyAPI()
                            .copyIn(
                                    "COPY " + table + " FROM STDIN (FORMAT binary)",
                                    new ByteArrayInputStream(rows),
                                    64 << 10);
            connection.commit();
            return new Progress.Rate(
                    count * 1e9 / (System.nanoTime() - start),
                    0,
                    (system.postgresCpu().nanos() - cpu) / 1e3 / count);
        }
    }
}
