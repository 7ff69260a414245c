package io.webhookdb.schemas.status;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What one reporter counted for one integration within one minute, from the minute's start to the
 * time of the report. A later report of the same reporter, integration and minute replaces the
 * earlier; the counts of different reporters add up.
 *
 * @param organization numeric id
 * @param integration opaque id
 * @param minute minutes since the epoch, by the clock of the reporter
 * @param reporter one part of one run of a process, such as {@code replication/3/5f0c}; a restarted
 *     process is another reporter
 * @param received requests of vendors accepted; neither fetched objects nor replays
 * @param rejected requests refused; never among the received
 * @param duplicate events that repeated a known content
 * @param stale events older than the stored row
 * @param applied rows inserted, updated or deleted
 * @param dead events sent to dead letters
 * @param bytes size of the bodies received
 * @param latencySumMillis sum over the applied rows of receipt to commit, milliseconds; replays are
 *     left out
 * @param latencyMaxMillis the slowest of them, milliseconds
 * @param lastSyncedMicros commit time of the newest row, microseconds since the epoch; 0 for none
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record IntegrationMinute(
        long organization,
        String integration,
        long minute,
        String reporter,
        long received,
        long rejected,
        long duplicate,
        long stale,
        long applied,
        long dead,
        long bytes,
        long latencySumMillis,
        long latencyMaxMillis,
        long lastSyncedMicros)
        implements StatusReport {

    @Override
    public String key() {
        return "integration/" + integration;
    }
}
