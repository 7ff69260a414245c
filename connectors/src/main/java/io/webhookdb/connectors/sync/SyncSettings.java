package io.webhookdb.connectors.sync;

import java.io.Serializable;
import java.time.Duration;

/**
 * Limits of a sync operator.
 *
 * @param shards lanes per target; part of the state's keys, so never changed for a running job
 * @param threads pages on their way at once, per subtask
 * @param readThreads readings of existing rows at once, per subtask
 * @param perOrganization of either kind, at most so many for one organization
 * @param mostPageBytes heap one page may take
 * @param mostPendingWhileReading existing rows are read no faster than this leaves
 * @param readRows existing rows in one reading
 * @param requestTimeout longest wait for an HTTP receiver's answer
 * @param firstWait wait after a failure; doubles
 * @param longestWait longest wait after failures
 * @param configurationWait wait after a failure that someone must mend; a new control record or a
 *     trigger ends it early
 * @param outboundAllow ranges that may be reached although they are not public
 */
public record SyncSettings(
        int shards,
        int threads,
        int readThreads,
        int perOrganization,
        long mostPageBytes,
        int mostPendingWhileReading,
        int readRows,
        Duration requestTimeout,
        Duration firstWait,
        Duration longestWait,
        Duration configurationWait,
        String outboundAllow)
        implements Serializable {

    /** What production uses. */
    public static final SyncSettings DEFAULT =
            new SyncSettings(
                    1,
                    8,
                    2,
                    2,
                    8L << 20,
                    5_000,
                    1_000,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(10),
                    "");

    /**
     * Threads for lanes whose last attempt failed, per subtask: as long as they hang, they take
     * none of those that lanes in order need.
     */
    int trialThreads() {
        return 4 * threads;
    }

    /** Heap a page of such a lane may take. */
    long mostTrialBytes() {
        return mostPageBytes / 8;
    }

    /** The same with another number of lanes per target. */
    public SyncSettings withShards(int other) {
        return new SyncSettings(
                other,
                threads,
                readThreads,
                perOrganization,
                mostPageBytes,
                mostPendingWhileReading,
                readRows,
                requestTimeout,
                firstWait,
                longestWait,
                configurationWait,
                outboundAllow);
    }

    /** The same with other sizes of a reading. */
    public SyncSettings withReadRows(int other) {
        return new SyncSettings(
                shards,
                threads,
                readThreads,
                perOrganization,
                mostPageBytes,
                mostPendingWhileReading,
                other,
                requestTimeout,
                firstWait,
                longestWait,
                configurationWait,
                outboundAllow);
    }

    /** The same with another number of pages on their way at once. */
    public SyncSettings withThreads(int other) {
        return new SyncSettings(
                shards,
                other,
                readThreads,
                perOrganization,
                mostPageBytes,
                mostPendingWhileReading,
                readRows,
                requestTimeout,
                firstWait,
                longestWait,
                configurationWait,
                outboundAllow);
    }

    /** The same with another wait for HTTP receivers. */
    public SyncSettings withRequestTimeout(Duration other) {
        return new SyncSettings(
                shards,
                threads,
                readThreads,
                perOrganization,
                mostPageBytes,
                mostPendingWhileReading,
                readRows,
                other,
                firstWait,
                longestWait,
                configurationWait,
                outboundAllow);
    }

    /** The same with ranges that may be reached, the value of {@code WEBHOOKDB_OUTBOUND_ALLOW}. */
    public SyncSettings withOutboundAllow(String cidrs) {
        return new SyncSettings(
                shards,
                threads,
                readThreads,
                perOrganization,
                mostPageBytes,
                mostPendingWhileReading,
                readRows,
                requestTimeout,
                firstWait,
                longestWait,
                configurationWait,
                cidrs);
    }
}
