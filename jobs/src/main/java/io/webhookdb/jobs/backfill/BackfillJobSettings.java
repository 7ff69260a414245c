package io.webhookdb.jobs.backfill;

import io.webhookdb.connectors.backfill.BackfillSettings;
import java.io.Serializable;
import java.time.Duration;

/**
 * What a backfill job needs to know.
 *
 * @param bootstrapServers Kafka's host:port list
 * @param groupId consumer group, for lag monitoring
 * @param keysets folder with the keyset that opens credentials and owner passwords
 * @param checkpointInterval longest; a shorter one of the environment counts
 * @param backfill limits of the operator
 */
public record BackfillJobSettings(
        String bootstrapServers,
        String groupId,
        String keysets,
        Duration checkpointInterval,
        BackfillSettings backfill)
        implements Serializable {

    /** The defaults of production. */
    public static BackfillJobSettings of(String bootstrapServers, String keysets) {
        return new BackfillJobSettings(
                bootstrapServers,
                "webhookdb-backfill",
                keysets,
                Duration.ofMillis(500),
                BackfillSettings.DEFAULT);
    }

    /** The same with other limits. */
    public BackfillJobSettings withBackfill(BackfillSettings other) {
        return new BackfillJobSettings(
                bootstrapServers, groupId, keysets, checkpointInterval, other);
    }
}
