package io.webhookdb.jobs.backfill;

import io.webhookdb.connectors.backfill.BackfillSettings;
import io.webhookdb.security.kafka.KafkaAccess;
import java.io.Serializable;
import java.time.Duration;

/**
 * What a backfill job needs to know.
 *
 * @param kafka where the log is
 * @param groupId consumer group, for lag monitoring
 * @param keysets folder with the keyset that opens credentials and owner passwords
 * @param checkpointInterval longest; a shorter one of the environment counts
 * @param backfill limits of the operator
 */
public record BackfillJobSettings(
        KafkaAccess kafka,
        String groupId,
        String keysets,
        Duration checkpointInterval,
        BackfillSettings backfill)
        implements Serializable {

    /** The same as the other, of a Kafka in clear. */
    public static BackfillJobSettings of(String bootstrapServers, String keysets) {
        return of(KafkaAccess.plain(bootstrapServers), keysets);
    }

    /** The defaults of production. */
    public static BackfillJobSettings of(KafkaAccess kafka, String keysets) {
        return new BackfillJobSettings(
                kafka,
                "webhookdb-backfill",
                keysets,
                Duration.ofMillis(500),
                BackfillSettings.DEFAULT);
    }

    /** The same with other limits. */
    public BackfillJobSettings withBackfill(BackfillSettings other) {
        return new BackfillJobSettings(kafka, groupId, keysets, checkpointInterval, other);
    }
}
