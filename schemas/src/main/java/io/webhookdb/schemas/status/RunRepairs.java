package io.webhookdb.schemas.status;

/**
 * How many rows one reporter saw change by what a backfill fetched: what webhooks had not brought
 * before. A later report of the same reporter, run, start and integration replaces the earlier; the
 * counts of different reporters add up. It describes work: what is written again after a crash
 * counts again.
 *
 * @param organization numeric id
 * @param integration opaque id of the rows' integration
 * @param run opaque id of the order or schedule
 * @param startedAtMillis when that run of it began, milliseconds since the epoch
 * @param reporter one part of one run of a process
 * @param repaired rows inserted, updated or deleted
 */
public record RunRepairs(
        long organization,
        String integration,
        String run,
        long startedAtMillis,
        String reporter,
        long repaired)
        implements StatusReport {

    @Override
    public String key() {
        return "backfill/" + run;
    }
}
