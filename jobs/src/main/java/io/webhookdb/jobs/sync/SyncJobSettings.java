package io.webhookdb.jobs.sync;

import io.webhookdb.connectors.sync.SyncSettings;
import io.webhookdb.security.kafka.KafkaAccess;
import java.io.Serializable;
import java.time.Duration;

/**
 * What a sync job needs to know.
 *
 * @param kafka where the log is
 * @param groupId consumer group, for lag monitoring
 * @param keysets folder with the keyset that opens owner passwords and connection URLs
 * @param checkpointInterval used where the environment sets none
 * @param overlap a job without state reads changes from so long before its start
 * @param sync limits of the operator
 */
public record SyncJobSettings(
        KafkaAccess kafka,
        String groupId,
        String keysets,
        Duration checkpointInterval,
        Duration overlap,
        SyncSettings sync)
        implements Serializable {

    /** The same as the other, of a Kafka in clear. */
    public static SyncJobSettings of(String bootstrapServers, String keysets) {
        return of(KafkaAccess.plain(bootstrapServers), keysets);
    }

    /** The defaults of production. */
    public static SyncJobSettings of(KafkaAccess kafka, String keysets) {
        return new SyncJobSettings(
                kafka,
                "webhookdb-sync",
                keysets,
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                SyncSettings.DEFAULT);
    }

    /** The same with other limits. */
    public SyncJobSettings withSync(SyncSettings other) {
        return new SyncJobSettings(kafka, groupId, keysets, checkpointInterval, overlap, other);
    }

    /** The same with ranges that may be called, the value of {@code WEBHOOKDB_OUTBOUND_ALLOW}. */
    public SyncJobSettings withOutboundAllow(String cidrs) {
        return withSync(sync.withOutboundAllow(cidrs));
    }
}
