package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.ApplicationDatabase;
import io.webhookdb.controlplane.database.KeysetWatch;
import io.webhookdb.controlplane.provisioner.deadletters.DeadLetterReader;
import io.webhookdb.controlplane.provisioner.deadletters.DeadLetterWork;
import io.webhookdb.controlplane.provisioner.periodic.PeriodicTask;
import io.webhookdb.controlplane.provisioner.periodic.PeriodicTasks;
import io.webhookdb.controlplane.provisioner.rotation.RotationWork;
import io.webhookdb.controlplane.provisioner.status.Retention;
import io.webhookdb.controlplane.provisioner.status.StatusReader;
import io.webhookdb.controlplane.provisioner.status.SubscriptionWatch;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.keyset.SecretCipher;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Jdbi;

/**
 * Makes what the api was asked for and tells the rest of the system. Any number may run; one works,
 * the others stand by.
 *
 * <pre>
 *  application database            replication servers            control topic
 *  list of changed entities ─────▶ database, roles, table ──────▶ record of the entity
 *        (commit order)              (one thread per server)        (then off the list)
 * </pre>
 */
public final class Provisioner implements AutoCloseable {
    /** As the reader's own default. */
    private static final Duration READER_IDLE_LIMIT = Duration.ofSeconds(60);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private final ApplicationDatabase database;
    private final ControlPublisher publisher;
    private final ServerLanes lanes;
    private final ProvisioningLoop loop;
    private final Thread thread;
    private final StatementReaper reaper;

    private Provisioner(ProvisionerSettings settings, ApplicationDatabase database) {
        this.database = database;
        this.publisher = new ControlPublisher(settings.kafkaBootstrap());
        this.lanes = new ServerLanes();
        Map<String, PostgresUrl> admins = new LinkedHashMap<>();
        Map<String, ReplicationServer> servers = new LinkedHashMap<>();
        for (PostgresUrl admin : settings.replicationServers()) {
            admins.put(admin.server(), admin);
            servers.put(admin.server(), new ReplicationServer(admin, settings.database()));
        }
        SecretCipher readers = settings.keysets().readers();
        ServerWork work =
                new ServerWork(
                        database.jdbi(),
                        servers,
                        lanes,
                        readers,
                        settings.keysets().connectionsOpener(),
                        settings.migrations().outbound());
        Tenancy tenancy =
                new Tenancy(
                        admins,
                        lanes,
                        readers,
                        settings.keysets().connectionsSealer(),
                        settings.isolation());
        this.loop =
                new ProvisioningLoop(
                        settings,
                        database,
                        publisher,
                        work,
                        lanes,
                        tenancy,
                        beside(settings, database.jdbi()));
        this.thread = new Thread(loop, "provisioner");
        this.reaper =
                new StatementReaper(
                        settings.replicationServers(),
                        settings.readerStatementLimit(),
                        READER_IDLE_LIMIT);
    }

    /** What the leader does besides. */
    private static List<LeaderWork> beside(ProvisionerSettings settings, Jdbi jdbi) {
        String bootstrap = settings.kafkaBootstrap();
        Upkeep upkeep = settings.upkeep();
        List<PeriodicTask> tasks =
                List.of(
                        Retention.task(jdbi),
                        SubscriptionWatch.task(jdbi),
                        DeadLetterWork.task(bootstrap, jdbi),
                        AuditPruning.task(jdbi, upkeep.auditKept()));
        return List.of(
                () -> StatusReader.start(bootstrap, jdbi, new AtomicLong())::close,
                () -> DeadLetterReader.start(bootstrap, jdbi, new AtomicLong())::close,
                () -> PeriodicTasks.start(tasks)::close,
                () -> KeysetWatch.start(jdbi, settings.keysets(), "provisioner")::close,
                () ->
                        RotationWork.start(
                                        jdbi,
                                        settings.keysets(),
                                        upkeep.rotation(),
                                        upkeep.rotateEvery())
                                ::close);
    }

    /**
     * Migrates the application database, makes the Kafka topics and starts working.
     *
     * @throws RuntimeException if the database, Kafka or a keyset cannot be used; nothing is left
     *     running. Replication servers may be away: they are tried again
     */
    public static Provisioner start(ProvisionerSettings settings) {
        ApplicationDatabase database =
                ApplicationDatabase.open(
                        settings.database(), settings.replicationServers().size() + 6);
        try {
            database.migrate();
            KafkaTopics.ensure(settings.kafkaBootstrap(), settings.topics());
            Provisioner provisioner = new Provisioner(settings, database);
            provisioner.thread.start();
            return provisioner;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** Stops. Work that was begun is taken up by the next start. */
    @Override
    public void close() {
        loop.stop();
        reaper.close();
        lanes.close();
        try {
            thread.join(STOP_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        publisher.close();
        database.close();
    }
}
