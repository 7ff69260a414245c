package io.webhookdb.jobs.sync;

import io.webhookdb.connectors.sync.SyncSettings;
import java.io.Serializable;
import java.time.Duration;

/**
 * What a sync job needs to know.
 *
 * @param bootstrapServers Kafka's host:port list
 * @param groupId consumer group, for lag monitoring
 * @param keysets folder with the keyset that opens owner passwords and connection URLs
 * @param checkpointInterval used where the environment sets none
 * @param overlap a job without state reads changes from so long before its start
 * @param sync limits of the operator
 */
public record SyncJobSettings(
        String bootstrapServers,
        String groupId,
        String keysets,
        Duration checkpointInterval,
        Duration overlap,
        SyncSettings sync)
        implements Serializable {

    /** The defaults of production. */
    public static SyncJobSettings of(String bootstrapServers, String keysets) {
        return new SyncJobSettings(
                bootstrapServers,
                "webhookdb-sync",
                keysets,
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                SyncSettings.DEFAULT);
    }

    /** The same with other limits. */
    public SyncJobSettings withSync(SyncSettings other) {
        return new SyncJobSettings(
                bootstrapServers, groupId, keysets, checkpointInterval, overlap, other);
    }

    /** The same with ranges that may be called, the value of {@code WEBHOOKDB_OUTBOUND_ALLOW}. */
    public SyncJobSettings withOutboundAllow(String cidrs) {
        return withSync(sync.withOutboundAllow(cidrs));
    }
}
