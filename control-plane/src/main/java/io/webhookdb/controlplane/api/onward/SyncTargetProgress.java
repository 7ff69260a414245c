package io.webhookdb.controlplane.api.onward;

import java.time.Instant;
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
                                                Map.entry(
                                                        row.getString("target"),
                                                        new Progress(
                                                                row.getTimestamp("synced") == null
                                                                        ? null
                                                                        : row.getTimestamp("synced")
                                                                                .toInstant(),
                                                                row.getLong("rows"),
                                                                row.getLong("pending"),
                                                                row.getString("failure"),
                                                                row.getBoolean("loading"))))
                                .stream()
                                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }
}
