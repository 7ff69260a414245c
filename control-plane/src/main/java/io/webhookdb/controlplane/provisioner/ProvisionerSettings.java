package io.webhookdb.controlplane.provisioner;

import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.keyset.KeysetFolder;
import java.time.Duration;
import java.util.List;

/**
 * What a provisioner process needs. It alone holds the servers' administrators.
 *
 * @param database the application database
 * @param replicationServers an administrator's URL of each server that may hold replication
 *     databases: a superuser, or a role that may create databases and roles
 * @param kafkaBootstrap brokers
 * @param topics how topics are made
 * @param keysets folder with the keysets {@code readers} and {@code connections}
 * @param heartbeat time between heartbeats
 * @param republish time between publications of everything
 */
public record ProvisionerSettings(
        PostgresUrl database,
        List<PostgresUrl> replicationServers,
        String kafkaBootstrap,
        TopicSettings topics,
        KeysetFolder keysets,
        Duration heartbeat,
        Duration republish) {

    public ProvisionerSettings {
        replicationServers = List.copyOf(replicationServers);
        if (replicationServers.isEmpty()) {
            throw new IllegalArgumentException("At least one replication server is needed.");
        }
    }

    /** Settings with the usual intervals. */
    public static ProvisionerSettings of(
            PostgresUrl database,
            List<PostgresUrl> replicationServers,
            String kafkaBootstrap,
            TopicSettings topics,
            KeysetFolder keysets) {
        return new ProvisionerSettings(
                database,
                replicationServers,
                kafkaBootstrap,
                topics,
                keysets,
                Duration.ofMillis(500),
                Duration.ofMinutes(10));
    }

    /** The same, publishing everything at another interval. */
    public ProvisionerSettings withRepublish(Duration interval) {
        return new ProvisionerSettings(
                database, replicationServers, kafkaBootstrap, topics, keysets, heartbeat, interval);
    }
}
