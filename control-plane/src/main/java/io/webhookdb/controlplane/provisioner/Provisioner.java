package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.ApplicationDatabase;
import io.webhookdb.controlplane.mail.PrintingMailer;
import io.webhookdb.controlplane.provisioner.alerts.AlertSettings;
import io.webhookdb.controlplane.provisioner.alerts.Installation;
import io.webhookdb.controlplane.provisioner.metrics.ControlMetrics;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.keyset.Keyset;
import io.webhookdb.security.keyset.SecretCipher;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

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
    private final ControlMetrics metrics;
    private final ControlPublisher publisher;
    private final ServerLanes lanes;
    private final ProvisioningLoop loop;
    private final Thread thread;
    private final StatementReaper reaper;

    private Provisioner(
            ProvisionerSettings settings, AlertSettings alerts, ApplicationDatabase database) {
        this.database = database;
        this.metrics = new ControlMetrics(database.jdbi());
        this.publisher = new ControlPublisher(settings.kafka());
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
                        LeaderTasks.of(settings, alerts, metrics, work));
        this.thread = new Thread(loop, "provisioner");
        this.reaper =
                new StatementReaper(
                        settings.replicationServers(),
                        settings.readerStatementLimit(),
                        READER_IDLE_LIMIT);
    }

    /**
     * Migrates the application database, makes the Kafka topics and starts working.
     *
     * @throws RuntimeException if the database, Kafka or a keyset cannot be used; nothing is left
     *     running. Replication servers may be away: they are tried again
     */
    public static Provisioner start(ProvisionerSettings settings) {
        return start(
                settings,
                new AlertSettings(
                        new PrintingMailer(System.out::println),
                        OutboundPolicy.parse(""),
                        new Installation("", "")));
    }

    /** The same, with a way to people. Without one, alerts for people are printed. */
    public static Provisioner start(ProvisionerSettings settings, AlertSettings alerts) {
        settings.keysets().require(Keyset.READERS, Keyset.CONNECTIONS);
        ApplicationDatabase database =
                ApplicationDatabase.open(
                        settings.database(), settings.replicationServers().size() + 10);
        try {
            database.migrate();
            KafkaTopics.ensure(settings.kafka(), settings.topics());
            Provisioner provisioner = new Provisioner(settings, alerts, database);
            provisioner.thread.start();
            return provisioner;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** What operators watch; every provisioner has them, also one that stands by. */
    public ControlMetrics metrics() {
        return metrics;
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
        metrics.close();
        database.close();
    }
}
