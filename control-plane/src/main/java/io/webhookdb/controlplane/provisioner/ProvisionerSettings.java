package io.webhookdb.controlplane.provisioner;

import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.kafka.KafkaAccess;
import io.webhookdb.security.keyset.KeysetFolder;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a provisioner process needs. It alone holds the servers' administrators.
 *
 * @param database the application database
 * @param replicationServers an administrator's URL of each server that may hold replication
 *     databases: a superuser, or a role that may create databases and roles
 * @param kafka where the log is
 * @param topics how topics are made
 * @param keysets folder with the keysets {@code readers} and {@code connections}
 * @param heartbeat time between heartbeats
 * @param republish time between publications of everything
 * @param isolation what a new organization gets for itself
 * @param readerStatementLimit longest time of a reader's statement, whatever it sets
 * @param migrations how organizations move to databases of their own
 * @param upkeep what is done by the calendar
 */
public record ProvisionerSettings(
        PostgresUrl database,
        List<PostgresUrl> replicationServers,
        KafkaAccess kafka,
        TopicSettings topics,
        KeysetFolder keysets,
        Duration heartbeat,
        Duration republish,
        Isolation isolation,
        Duration readerStatementLimit,
        MigrationSettings migrations,
        Upkeep upkeep) {

    /** A little over the reader's own timeout, whose message is the better one. */
    private static final Duration READER_STATEMENT_LIMIT = Duration.ofSeconds(16);

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
            KafkaAccess kafka,
            TopicSettings topics,
            KeysetFolder keysets) {
        return new ProvisionerSettings(
                database,
                replicationServers,
                kafka,
                topics,
                keysets,
                Duration.ofMillis(500),
                Duration.ofMinutes(10),
                Isolation.DATABASE_USER,
                READER_STATEMENT_LIMIT,
                MigrationSettings.strict(),
                Upkeep.USUAL);
    }

    /** The same, publishing everything at another interval. */
    public ProvisionerSettings withRepublish(Duration interval) {
        return with(draft -> draft.republish = interval);
    }

    /** The same, with another isolation of organizations that are placed from now on. */
    public ProvisionerSettings withIsolation(Isolation mode) {
        return with(draft -> draft.isolation = mode);
    }

    /** The same, with another calendar. */
    public ProvisionerSettings withUpkeep(Upkeep calendar) {
        return with(draft -> draft.upkeep = calendar);
    }

    /** The same, with other rules for moves to customers' databases. */
    public ProvisionerSettings withMigrations(MigrationSettings other) {
        return with(draft -> draft.migrations = other);
    }

    private ProvisionerSettings with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    /** What may be chosen, while it is chosen. */
    private static final class Draft {
        private final ProvisionerSettings before;
        private Duration republish;
        private Isolation isolation;
        private MigrationSettings migrations;
        private Upkeep upkeep;

        Draft(ProvisionerSettings before) {
            this.before = before;
            this.republish = before.republish;
            this.isolation = before.isolation;
            this.migrations = before.migrations;
            this.upkeep = before.upkeep;
        }

        ProvisionerSettings settings() {
            return new ProvisionerSettings(
                    before.database,
                    before.replicationServers,
                    before.kafka,
                    before.topics,
                    before.keysets,
                    before.heartbeat,
                    republish,
                    isolation,
                    before.readerStatementLimit,
                    migrations,
                    upkeep);
        }
    }
}
