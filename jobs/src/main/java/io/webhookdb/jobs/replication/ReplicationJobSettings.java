package io.webhookdb.jobs.replication;

import io.webhookdb.connectors.replica.ReplicaWriterSettings;
import io.webhookdb.security.kafka.KafkaAccess;
import java.io.Serializable;
import java.time.Duration;

/**
 * What a replication job needs to know.
 *
 * @param kafka where the log is
 * @param groupId consumer group whose committed offsets a job without state starts from
 * @param keysets folder with the keyset that opens owner passwords
 * @param shards lanes per table, each on a subtask with batches of its own: one, or a small table's
 *     rows come in as many transactions. Part of the state's keys: where it changes, latest wins
 *     forgets what it knew of the rows that move
 * @param memory how long a row's versions are remembered after its last change
 * @param hold how long events wait for an integration that is not known yet
 * @param mostHeld events that wait for one integration
 * @param checkpointInterval used where the environment sets none
 * @param controlLimit longest time for reading control at a start without state
 * @param writer limits of the replica writer
 * @param outboundAllow ranges in which customers' own databases may be although they are not public
 */
public record ReplicationJobSettings(
        KafkaAccess kafka,
        String groupId,
        String keysets,
        int shards,
        Duration memory,
        Duration hold,
        int mostHeld,
        Duration checkpointInterval,
        Duration controlLimit,
        ReplicaWriterSettings writer,
        String outboundAllow)
        implements Serializable {

    /** The same as the other, of a Kafka in clear. */
    public static ReplicationJobSettings of(String bootstrapServers, String keysets) {
        return of(KafkaAccess.plain(bootstrapServers), keysets);
    }

    /** The defaults of production. */
    public static ReplicationJobSettings of(KafkaAccess kafka, String keysets) {
        return new ReplicationJobSettings(
                kafka,
                "webhookdb-replication",
                keysets,
                1,
                Duration.ofDays(7),
                Duration.ofSeconds(30),
                1000,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                ReplicaWriterSettings.DEFAULT,
                "");
    }

    /** Where the job keeps from where it would have to read again without its state. */
    Floor floor() {
        return new Floor(kafka, groupId);
    }

    /** The same with another hold for events of unknown integrations. */
    public ReplicationJobSettings withHold(Duration other) {
        return new ReplicationJobSettings(
                kafka,
                groupId,
                keysets,
                shards,
                memory,
                other,
                mostHeld,
                checkpointInterval,
                controlLimit,
                writer,
                outboundAllow);
    }

    /** The same with other limits of the writer. */
    public ReplicationJobSettings withWriter(ReplicaWriterSettings other) {
        return new ReplicationJobSettings(
                kafka,
                groupId,
                keysets,
                shards,
                memory,
                hold,
                mostHeld,
                checkpointInterval,
                controlLimit,
                other,
                outboundAllow);
    }

    /** The same with ranges that may be called, the value of {@code WEBHOOKDB_OUTBOUND_ALLOW}. */
    public ReplicationJobSettings withOutboundAllow(String cidrs) {
        return new ReplicationJobSettings(
                kafka,
                groupId,
                keysets,
                shards,
                memory,
                hold,
                mostHeld,
                checkpointInterval,
                controlLimit,
                writer,
                cidrs);
    }
}
