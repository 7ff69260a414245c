package io.webhookdb.standalone;

import io.webhookdb.connectors.backfill.BackfillSettings;
import io.webhookdb.connectors.webhook.WebhookSettings;
import io.webhookdb.controlplane.api.ApiServer;
import io.webhookdb.controlplane.api.ApiSettings;
import io.webhookdb.controlplane.api.auth.LoginPolicy;
import io.webhookdb.controlplane.api.http.RequestLimits;
import io.webhookdb.controlplane.api.install.InstallSettings;
import io.webhookdb.controlplane.api.onward.OnwardSettings;
import io.webhookdb.controlplane.environment.Environment;
import io.webhookdb.controlplane.mail.MailSettings;
import io.webhookdb.controlplane.mail.Mailer;
import io.webhookdb.controlplane.mail.PrintingMailer;
import io.webhookdb.controlplane.provisioner.KafkaTopics;
import io.webhookdb.controlplane.provisioner.MigrationSettings;
import io.webhookdb.controlplane.provisioner.Provisioner;
import io.webhookdb.controlplane.provisioner.ProvisionerSettings;
import io.webhookdb.controlplane.provisioner.TopicSettings;
import io.webhookdb.controlplane.provisioner.Upkeep;
import io.webhookdb.controlplane.provisioner.alerts.AlertSettings;
import io.webhookdb.embedded.EmbeddedKafka;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.ingest.IngestServer;
import io.webhookdb.ingest.IngestSettings;
import io.webhookdb.ingest.spool.SpoolEnvironment;
import io.webhookdb.jobs.backfill.BackfillJob;
import io.webhookdb.jobs.backfill.BackfillJobSettings;
import io.webhookdb.jobs.delivery.DeliveryJob;
import io.webhookdb.jobs.delivery.DeliveryJobSettings;
import io.webhookdb.jobs.replication.ReplicationJob;
import io.webhookdb.jobs.replication.ReplicationJobSettings;
import io.webhookdb.jobs.sync.SyncJob;
import io.webhookdb.jobs.sync.SyncJobSettings;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.standalone.flink.LocalFlink;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every part of the system in this process, wired as a deployment would wire them: they share
 * nothing but Kafka, Postgres and the keysets.
 */
final class WholeSystem implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WholeSystem.class);

    /** File in the data folder with the password of the embedded application database's role. */
    static final String APPLICATION_PASSWORD = "application-database.password";

    private static final Duration JOB_START_TIMEOUT = Duration.ofSeconds(60);
    private static final String LOOPBACK = "127.0.0.1";
    private static final int PARALLELISM = 2;

    /** For jobs that wait more than they work: on one machine a second subtask only costs. */
    private static final int SINGLE = 1;

    private static final TopicSettings TOPICS = TopicSettings.standalone(4);

    private final Closeables parts = new Closeables();
    private final Consumer<String> codePrinter;

    /**
     * Nothing runs yet.
     *
     * @param codePrinter takes a line {@code login code for EMAIL: 123456} for each code, where no
     *     mail server is set
     */
    WholeSystem(Consumer<String> codePrinter) {
        this.codePrinter = codePrinter;
    }

    /** Starts everything and writes the ready file. On failure everything is stopped again. */
    ReadyFile start(StandaloneOptions options) {
        try {
            return startParts(options);
        } catch (IOException e) {
            close();
            throw new IllegalStateException("The system cannot be started", e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private ReadyFile startParts(StandaloneOptions options) throws IOException {
        DataDirectory data = parts.add("data folder", DataDirectory.open(options.data));
        Path keysetFolder =
                options.keysets.isBlank()
                        ? data.keysets()
                        : Path.of(options.keysets).toAbsolutePath();
        KeysetFolder keysets =
                options.keysets.isBlank()
                        ? KeysetFolder.openOrGenerate(keysetFolder)
                        : KeysetFolder.open(keysetFolder);

        Startup startup = new Startup();
        CompletableFuture<LocalFlink> flink =
                startup.begin(
                        () ->
                                parts.add(
                                        "flink",
                                        LocalFlink.start(data.flink(), options.flinkPort)));
        CompletableFuture<String> kafka = startup.begin(() -> kafka(options, data));
        CompletableFuture<Servers> postgres = startup.begin(() -> postgres(options, data));
        CompletableFuture<LocalFlink.RunningJob> job =
                flink.thenCombineAsync(
                        kafka,
                        (cluster, bootstrap) ->
                                replicate(cluster, bootstrap, keysetFolder, options),
                        startup);
        CompletableFuture<LocalFlink.RunningJob> delivery =
                flink.thenCombineAsync(
                        kafka,
                        (cluster, bootstrap) -> deliver(cluster, bootstrap, keysetFolder, options),
                        startup);
        CompletableFuture<LocalFlink.RunningJob> sync =
                flink.thenCombineAsync(
                        kafka,
                        (cluster, bootstrap) -> sync(cluster, bootstrap, keysetFolder, options),
                        startup);
        CompletableFuture<LocalFlink.RunningJob> backfill =
                flink.thenCombineAsync(
                        kafka,
                        (cluster, bootstrap) -> backfill(cluster, bootstrap, keysetFolder, options),
                        startup);
        CompletableFuture<IngestServer> ingest =
                kafka.thenApplyAsync(
                        bootstrap -> ingest(options, data, bootstrap, keysets), startup);
        CompletableFuture<ApiServer> api =
                postgres.thenCombineAsync(
                        ingest,
                        (servers, edge) -> api(options, servers, kafka.join(), keysets, edge),
                        startup);
        CompletableFuture<Provisioner> provisioner =
                postgres.thenCombineAsync(
                        kafka,
                        (servers, bootstrap) -> provisioner(options, servers, bootstrap, keysets),
                        startup);
        startup.awaitAll(job, delivery, sync, backfill, api, provisioner);

        ReadyFile ready =
                new ReadyFile(
                        url(api.join().port()),
                        url(ingest.join().port()),
                        flink.join().url(),
                        postgres.join().superuserUrl(),
                        kafka.join(),
                        ProcessHandle.current().pid());
        data.writePrivately(data.readyFile(), ready.json());
        LOG.info("Ready: {} {}", ready.apiUrl(), ready.ingestUrl());
        return ready;
    }

    /** Bootstrap servers of a Kafka that has all topics. */
    private String kafka(StandaloneOptions options, DataDirectory data) {
        String bootstrap =
                options.kafkaBootstrap.isBlank()
                        ? parts.add(
                                        "kafka",
                                        EmbeddedKafka.start(
                                                EmbeddedKafka.Settings.in(data.kafka())
                                                        .withPort(options.kafkaPort)))
                                .bootstrapServers()
                        : options.kafkaBootstrap;
        KafkaTopics.ensure(bootstrap, TOPICS);
        return bootstrap;
    }

    private LocalFlink.RunningJob replicate(
            LocalFlink flink, String bootstrap, Path keysets, StandaloneOptions options) {
        LocalFlink.RunningJob job =
                flink.submit(
                        "replication",
                        PARALLELISM,
                        env ->
                                ReplicationJob.build(
                                        env,
                                        ReplicationJobSettings.of(bootstrap, keysets.toString())
                                                .withOutboundAllow(options.outboundAllow)));
        parts.add("replication job", () -> flink.stop(job));
        awaitRunning("replication", job);
        return job;
    }

    private LocalFlink.RunningJob deliver(
            LocalFlink flink, String bootstrap, Path keysets, StandaloneOptions options) {
        WebhookSettings webhooks =
                WebhookSettings.of(
                        keysets.toString(), options.webhookRetrySchedule, options.outboundAllow);
        LocalFlink.RunningJob job =
                flink.submit(
                        "delivery",
                        PARALLELISM,
                        env -> DeliveryJob.build(env, DeliveryJobSettings.of(bootstrap, webhooks)));
        parts.add("delivery job", () -> flink.stop(job));
        awaitRunning("delivery", job);
        return job;
    }

    private LocalFlink.RunningJob sync(
            LocalFlink flink, String bootstrap, Path keysets, StandaloneOptions options) {
        LocalFlink.RunningJob job =
                flink.submit(
                        "sync",
                        SINGLE,
                        env ->
                                SyncJob.build(
                                        env,
                                        SyncJobSettings.of(bootstrap, keysets.toString())
                                                .withOutboundAllow(options.outboundAllow)));
        parts.add("sync job", () -> flink.stop(job));
        awaitRunning("sync", job);
        return job;
    }

    private LocalFlink.RunningJob backfill(
            LocalFlink flink, String bootstrap, Path keysets, StandaloneOptions options) {
        BackfillSettings settings =
                BackfillSettings.DEFAULT
                        .withEnvironment(System.getenv())
                        .withOutboundAllow(options.outboundAllow);
        LocalFlink.RunningJob job =
                flink.submit(
                        "backfill",
                        SINGLE,
                        env ->
                                BackfillJob.build(
                                        env,
                                        BackfillJobSettings.of(bootstrap, keysets.toString())
                                                .withBackfill(settings)));
        parts.add("backfill job", () -> flink.stop(job));
        awaitRunning("backfill", job);
        return job;
    }

    private IngestServer ingest(
            StandaloneOptions options, DataDirectory data, String bootstrap, KeysetFolder keysets) {
        return parts.add(
                "ingest",
                IngestServer.start(
                        IngestSettings.builder(bootstrap, keysets)
                                .host(LOOPBACK)
                                .port(options.ingestPort)
                                .spool(SpoolEnvironment.read(System.getenv(), data.spool()))
                                .build()));
    }

    private ApiServer api(
            StandaloneOptions options,
            Servers servers,
            String bootstrap,
            KeysetFolder keysets,
            IngestServer ingest) {
        return parts.add(
                "api",
                ApiServer.start(
                        ApiSettings.of(
                                        servers.application(),
                                        keysets,
                                        Catalog.load(),
                                        URI.create(url(ingest.port())))
                                .withAddress(LOOPBACK, options.apiPort)
                                .withApiUrl(URI.create(url(options.apiPort)))
                                .withMailer(mailer())
                                .withInstall(InstallSettings.of(new Environment(System.getenv())))
                                .withOnward(
                                        OnwardSettings.of(
                                                        options.outboundAllow,
                                                        options.minSyncPeriod)
                                                .withKafka(bootstrap))
                                .withLoginPolicy(
                                        options.skipAuthentication
                                                ? LoginPolicy.ANY_CODE
                                                : LoginPolicy.CODE),
                        limits(options)));
    }

    /** Unlimited logins where any code is accepted, whatever said so. */
    private static RequestLimits limits(StandaloneOptions options) {
        Map<String, String> variables = new HashMap<>(System.getenv());
        variables.put(
                "WEBHOOKDB_SKIP_AUTHENTICATION", Boolean.toString(options.skipAuthentication));
        return RequestLimits.of(new Environment(variables));
    }

    private Provisioner provisioner(
            StandaloneOptions options, Servers servers, String bootstrap, KeysetFolder keysets) {
        return parts.add(
                "provisioner",
                Provisioner.start(
                        ProvisionerSettings.of(
                                        servers.application(),
                                        servers.replication(),
                                        bootstrap,
                                        TOPICS,
                                        keysets)
                                .withIsolation(options.isolation())
                                .withMigrations(MigrationSettings.of(options.outboundAllow))
                                .withUpkeep(Upkeep.of(new Environment(System.getenv()))),
                        new AlertSettings(mailer(), OutboundPolicy.parse(options.outboundAllow))));
    }

    private Mailer mailer() {
        return MailSettings.mailer(new Environment(System.getenv()))
                .orElseGet(() -> new PrintingMailer(codePrinter));
    }

    /** Application database and replication servers; the embedded server for what is not given. */
    private Servers postgres(StandaloneOptions options, DataDirectory data) {
        boolean allGiven = !options.databaseUrl.isBlank() && !options.servers().isEmpty();
        if (allGiven) {
            return new Servers(
                    PostgresUrl.parse(options.databaseUrl), given(options), options.databaseUrl);
        }
        EmbeddedPostgresServer server =
                parts.add(
                        "postgres",
                        EmbeddedPostgresServer.start(
                                EmbeddedPostgresServer.Settings.in(data.postgres())
                                        .withPort(options.postgresPort)));
        PostgresUrl superuser = PostgresUrl.parse(server.superuserUrl());
        PostgresUrl application =
                options.databaseUrl.isBlank()
                        ? EmbeddedApplicationDatabase.ensure(
                                superuser, data.secret(APPLICATION_PASSWORD))
                        : PostgresUrl.parse(options.databaseUrl);
        return new Servers(
                application,
                options.servers().isEmpty() ? List.of(superuser) : given(options),
                server.superuserUrl());
    }

    private static List<PostgresUrl> given(StandaloneOptions options) {
        return options.servers().stream().map(PostgresUrl::parse).toList();
    }

    private static String url(int port) {
        return "http://" + LOOPBACK + ":" + port;
    }

    private static void awaitRunning(String name, LocalFlink.RunningJob job) {
        long deadline = System.nanoTime() + JOB_START_TIMEOUT.toNanos();
        while (!job.isRunning()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "The "
                                + name
                                + " job does not run after "
                                + JOB_START_TIMEOUT.toSeconds()
                                + " s; the log says why.");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /**
     * @param application the application database
     * @param replication administrators' URLs of servers for organizations' databases
     * @param superuserUrl the embedded server's superuser; of given servers the application
     *     database
     */
    private record Servers(
            PostgresUrl application, List<PostgresUrl> replication, String superuserUrl) {}

    @Override
    public void close() {
        parts.close();
    }
}
