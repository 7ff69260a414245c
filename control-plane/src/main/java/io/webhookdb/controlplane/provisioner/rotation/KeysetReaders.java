package io.webhookdb.controlplane.provisioner.rotation;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** What running parts told last of the keys they hold. */
final class KeysetReaders {
    private KeysetReaders() {}

    /** What parts told that were heard of lately. */
    static List<ReaderReport> lately(Handle handle, Duration lately) {
        return handle.createQuery(
                        "SELECT * FROM keyset_readers WHERE seen_at > now() - make_interval(secs =>"
                                + " :seconds) ORDER BY reader, keyset")
                .bind("seconds", (double) lately.toSeconds())
                .map(KeysetReaders::report)
                .list();
    }

    /** Forgets parts that ended long ago: each start of a part is another reader. */
    static void forget(Handle handle) {
        handle.execute("DELETE FROM keyset_readers WHERE seen_at < now() - interval '2 days'");
    }

    private static ReaderReport report(ResultSet row, StatementContext context)
            throws SQLException {
        return new ReaderReport(
                row.getString("reader"),
                row.getString("keyset"),
                new ArrayList<>(Arrays.asList((Long[]) row.getArray("keys").getArray())),
                row.getLong("primary_key"),
                row.getLong("control_revision_micros"));
    }
}
