package io.webhookdb.schemas.status;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * How far a replay order got. A later report of the same order replaces the earlier.
 *
 * @param organization numeric id
 * @param replay opaque id of the order, {@code rpl_...}
 * @param state as for a backfill
 * @param read stored requests looked at
 * @param emitted requests processed again
 * @param refused rejected requests that are refused again
 * @param at ISO-8601 time of this report
 * @param failure what went wrong; null for nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReplayProgress(
        long organization,
        String replay,
        BackfillProgress.State state,
        long read,
        long emitted,
        long refused,
        String at,
        String failure)
        implements StatusReport {

    @Override
    public String key() {
        return "replay/" + replay;
    }
}
