package io.webhookdb.controlplane.api.onward;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/** What the sync job last reported of an organization's targets. */
public final class SyncTargetProgress {
    private static final String QUERY =
            "SELECT target, max(last_synced_at) AS synced, sum(row_count)::bigint AS rows,"
                    + " sum(pending)::bigint AS pending, coalesce((array_agg(failure ORDER BY"
                    + " reported_at DESC) FILTER (WHERE failures > 0))[1], '') AS failure,"
                    + " bool_or(loading) AS loading FROM sync_progress WHERE organization_id ="
                    + " :organization GROUP BY target";

    private static final String TABLES =
            "SELECT target, integration, max(last_synced_at) AS synced, sum(row_count)::bigint AS"
                    + " rows, sum(pending)::bigint AS pending, coalesce((array_agg(failure ORDER BY"
                    + " reported_at DESC) FILTER (WHERE failures > 0))[1], '') AS failure,"
                    + " bool_or(loading) AS loading, sum(bytes)::bigint AS bytes,"
                    + " sum(loaded)::bigint AS loaded, min(oldest_pending_at) AS oldest,"
                    + " min(next_at) AS next, coalesce((array_agg(last_failure ORDER BY"
                    + " last_failure_at DESC NULLS LAST))[1], '') AS last_failure,"
                    + " max(last_failure_at) AS last_failure_at FROM sync_progress WHERE"
                    + " organization_id = :organization GROUP BY target, integration ORDER BY"
                    + " target, integration";

    private final Jdbi jdbi;

    /** Reads from the application database. */
    public SyncTargetProgress(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * @param lastSyncedAt when the target was last in step or took rows; null if it never was
     * @param rows how many it has acknowledged
     * @param pending how many wait
     * @param failure why the last attempt failed; empty if it did not
     * @param loading whether existing rows are still being read
     */
    record Progress(
            Instant lastSyncedAt, long rows, long pending, String failure, boolean loading) {
        static final Progress NONE = new Progress(null, 0, 0, "", false);

        /** Seconds since the target was last in step or took rows; 0 if it never was. */
        int latencySeconds(Instant now) {
            return lastSyncedAt == null
                    ? 0
                    : (int) Math.max(0, now.getEpochSecond() - lastSyncedAt.getEpochSecond());
        }

        /** A word for people. */
        String state() {
            if (!failure.isEmpty()) {
                return "failing";
            }
            return loading ? "loading" : pending > 0 ? "syncing" : "in step";
        }
    }

    /** By opaque id of the target; those that never reported are missing. */
    Map<String, Progress> of(long organization) {
        return jdbi.withHandle(
                handle ->
                        handle
                                .createQuery(QUERY)
                                .bind("organization", organization)
                                .map(
                                        (row, context) ->
                                                Map.entry(row.getString("target"), progress(row)))
                                .stream()
                                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /**
     * One table of a target.
     *
     * @param integration opaque id
     * @param bytes acknowledged
     * @param loaded existing rows read so far
     * @param oldestPendingAt time since which the oldest pending row waits; null for none
     * @param nextAt next run; null if none is due
     * @param lastFailure also of the past; empty if there was none
     * @param lastFailureAt null if there was none
     */
    record TableProgress(
            String target,
            String integration,
            Progress progress,
            long bytes,
            long loaded,
            Instant oldestPendingAt,
            Instant nextAt,
            String lastFailure,
            Instant lastFailureAt) {}

    /** Table by table, by opaque id of the target. */
    Map<String, List<TableProgress>> tables(long organization) {
        return jdbi.withHandle(
                handle ->
                        handle
                                .createQuery(TABLES)
                                .bind("organization", organization)
                                .map((row, context) -> table(row))
                                .stream()
                                .collect(Collectors.groupingBy(TableProgress::target)));
    }

    private static TableProgress table(ResultSet row) throws SQLException {
        return new TableProgress(
                row.getString("target"),
                row.getString("integration"),
                progress(row),
                row.getLong("bytes"),
                row.getLong("loaded"),
                time(row, "oldest"),
                time(row, "next"),
                row.getString("last_failure"),
                time(row, "last_failure_at"));
    }

    private static Progress progress(ResultSet row) throws SQLException {
        return new Progress(
                time(row, "synced"),
                row.getLong("rows"),
                row.getLong("pending"),
                row.getString("failure"),
                row.getBoolean("loading"));
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getTimestamp(column) == null ? null : row.getTimestamp(column).toInstant();
    }
}
