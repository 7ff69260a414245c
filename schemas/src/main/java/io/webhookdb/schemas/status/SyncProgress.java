package io.webhookdb.schemas.status;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * State of one shard of a sync target. A later report of the same target, integration and shard
 * replaces the earlier; the counts of the shards add up.
 *
 * @param organization numeric id
 * @param target opaque id of the sync target
 * @param integration opaque id of the table's integration
 * @param shard 0, 1, ...
 * @param rows rows acknowledged by the target since its creation
 * @param bytes size of them as sent
 * @param pending distinct rows not yet acknowledged
 * @param loaded existing rows read so far
 * @param loading whether existing rows are still being read
 * @param oldestPendingAt ISO-8601 time since which the oldest pending row waits; null for none
 * @param lastSyncedAt ISO-8601 time of the last acknowledgement; null for none
 * @param nextAt ISO-8601 time of the next run; null if none is due
 * @param at ISO-8601 time of this report
 * @param failures attempts that failed in a row
 * @param failure the last failure, without secrets; null if the last attempt went well
 * @param shards how many shards there are; 0 where that was not said
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SyncProgress(
        long organization,
        String target,
        String integration,
        int shard,
        long rows,
        long bytes,
        long pending,
        long loaded,
        boolean loading,
        String oldestPendingAt,
        String lastSyncedAt,
        String nextAt,
        String at,
        int failures,
        String failure,
        int shards)
        implements StatusReport {

    @Override
    public String key() {
        return "sync_target/" + target;
    }
}
