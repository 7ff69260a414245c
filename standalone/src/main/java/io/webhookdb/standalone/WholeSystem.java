package io.webhookdb.standalone;

import io.webhookdb.controlplane.api.ApiServer;
import io.webhookdb.controlplane.api.ApiSettings;
import io.webhookdb.controlplane.api.auth.LoginPolicy;
import io.webhookdb.controlplane.environment.Environment;
import io.webhookdb.controlplane.mail.Mailer;
import io.webhookdb.controlplane.mail.PrintingMailer;
import io.webhookdb.controlplane.provisioner.KafkaTopics;
import io.webhookdb.controlplane.provisioner.MigrationSettings;
import io.webhookdb.controlplane.provisioner.MovedServer;
import io.webhookdb.controlplane.provisioner.Provisioner;
import io.webhookdb.controlplane.provisioner.ProvisionerSettings;
import io.webhookdb.controlplane.provisioner.TopicSettings;
import io.webhookdb.controlplane.provisioner.alerts.AlertSettings;
import io.webhookdb.controlplane.provisioner.alerts.Installation;
import io.webhookdb.embedded.EmbeddedKafka;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.ingest.IngestServer;
import io.webhookdb.ingest.IngestSettings;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.kafka.KafkaAccess;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.standalone.flink.LocalFlink;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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

    private static final String LOOPBACK = "127.0.0.1";
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
        StandalonePorts.check(options, data);
        StandaloneSettings settings = StandaloneSettings.of(options, System.getenv(), data.spool());
        Path keysetFolder =
                options.keysets.isBlank()
                        ? data.keysets()
                        : Path.of(options.keysets).toAbsolutePath();
        KeysetFolder keysets =
                options.keysets.isBlank()
                        ? KeysetFolder.openOrGenerate(keysetFolder)
                        : KeysetFolder.open(keysetFolder);

        // Wrong settings are found before anything runs.
        List<LocalJob> jobs = LocalJob.all(options, keysetFolder);
        Startup startup = new Startup();
        CompletableFuture<LocalFlink> flink =
                startup.begin(
                        () ->
                                parts.add(
                                        "flink",
                                        LocalFlink.start(data.flink(), options.flinkPort)));
        CompletableFuture<KafkaAccess> kafka = startup.begin(() -> kafka(options, settings, data));
        CompletableFuture<Servers> postgres =
                startup.begin(() -> postgres(options, settings, data, keysets));
        List<CompletableFuture<?>> started = new ArrayList<>();
        for (LocalJob job : jobs) {
            started.add(
                    flink.thenAcceptBothAsync(
                            kafka, (cluster, bootstrap) -> run(job, cluster, bootstrap), startup));
        }
        CompletableFuture<IngestServer> ingest =
                kafka.thenApplyAsync(
                        bootstrap -> ingest(options, settings, bootstrap, keysets), startup);
        CompletableFuture<ApiServer> api =
                postgres.thenCombineAsync(
                        ingest,
                        (servers, edge) ->
                                api(options, settings, kafka.join(), servers, keysets, edge),
                        startup);
        CompletableFuture<Provisioner> provisioner =
                postgres.thenCombineAsync(
                        kafka,
                        (servers, bootstrap) ->
                                provisioner(options, settings, servers, bootstrap, keysets),
                        startup);
        started.add(api);
        started.add(provisioner);
        startup.awaitAll(started.toArray(CompletableFuture[]::new));

        ReadyFile ready =
                new ReadyFile(
                        url(api.join().port()),
                        url(ingest.join().port()),
                        flink.join().url(),
                        postgres.join().superuserUrl(),
                        kafka.join().bootstrapServers(),
                        ProcessHandle.current().pid());
        data.writePrivately(data.readyFile(), ready.json());
        LOG.info("Ready: {} {}", ready.apiUrl(), ready.ingestUrl());
        return ready;
    }

    /** A Kafka that has all topics; the embedded one is reached in clear, whatever is set. */
    private KafkaAccess kafka(
            StandaloneOptions options, StandaloneSettings settings, DataDirectory data) {
        KafkaAccess kafka =
                settings.kafka().orElseGet(() -> KafkaAccess.plain(embeddedKafka(options, data)));
        KafkaTopics.ensure(kafka, TOPICS);
        return kafka;
    }

    private String embeddedKafka(StandaloneOptions options, DataDirectory data) {
        return parts.add(
                        "kafka",
                        EmbeddedKafka.start(
                                EmbeddedKafka.Settings.in(data.kafka())
                                        .withPort(options.kafkaPort)))
                .bootstrapServers();
    }

    private void run(LocalJob job, LocalFlink flink, KafkaAccess kafka) {
        LocalFlink.RunningJob running = job.submit(flink, kafka);
        parts.add(job.name() + " job", () -> flink.stop(running));
        job.await(running);
    }

    private IngestServer ingest(
            StandaloneOptions options,
            StandaloneSettings settings,
            KafkaAccess kafka,
            KeysetFolder keysets) {
        return parts.add(
                "ingest",
                IngestServer.start(
                        IngestSettings.builder(kafka, keysets)
                                .host(LOOPBACK)
                                .port(options.ingestPort)
                                .spool(settings.spool())
                                .build()));
    }

    private ApiServer api(
            StandaloneOptions options,
            StandaloneSettings settings,
            KafkaAccess kafka,
            Servers servers,
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
                                .withMailer(mailer(settings))
                                .withInstall(settings.install())
                                .withOnward(settings.onward().withKafka(kafka))
                                .withPageOrigins(settings.pages())
                                .withLoginPolicy(
                                        options.skipAuthentication
                                                ? LoginPolicy.ANY_CODE
                                                : LoginPolicy.CODE),
                        settings.limits()));
    }

    private Provisioner provisioner(
            StandaloneOptions options,
            StandaloneSettings settings,
            Servers servers,
            KafkaAccess kafka,
            KeysetFolder keysets) {
        return parts.add(
                "provisioner",
                Provisioner.start(
                        ProvisionerSettings.of(
                                        servers.application(),
                                        servers.replication(),
                                        kafka,
                                        TOPICS,
                                        keysets)
                                .withIsolation(settings.isolation())
                                .withMigrations(MigrationSettings.of(options.outboundAllow))
                                .withUpkeep(settings.upkeep()),
                        new AlertSettings(
                                mailer(settings),
                                settings.outbound(),
                                Installation.of(
                                        url(options.apiPort), new Environment(System.getenv())))));
    }

    private Mailer mailer(StandaloneSettings settings) {
        return settings.mailer().orElseGet(() -> new PrintingMailer(codePrinter));
    }

    /** Application database and replication servers; the embedded server for what is not given. */
    private Servers postgres(
            StandaloneOptions options,
            StandaloneSettings settings,
            DataDirectory data,
            KeysetFolder keysets) {
        if (settings.database().isPresent() && !settings.servers().isEmpty()) {
            return new Servers(settings.database().get(), settings.servers(), options.databaseUrl);
        }
        EmbeddedPostgresServer server =
                parts.add(
                        "postgres",
                        EmbeddedPostgresServer.start(
                                EmbeddedPostgresServer.Settings.in(data.postgres())
                                        .withPort(options.postgresPort)));
        parts.add("postgres keeper", PostgresKeeper.of(server));
        PostgresUrl superuser = PostgresUrl.parse(server.superuserUrl());
        PostgresUrl application =
                settings.database()
                        .orElseGet(
                                () ->
                                        EmbeddedApplicationDatabase.ensure(
                                                superuser, data.secret(APPLICATION_PASSWORD)));
        if (settings.servers().isEmpty()) {
            // The same data folder may be started on another port than the last time.
            MovedServer.note(application, superuser, keysets.readers());
        }
        return new Servers(
                application,
                settings.servers().isEmpty() ? List.of(superuser) : settings.servers(),
                server.superuserUrl());
    }

    private static String url(int port) {
        return "http://" + LOOPBACK + ":" + port;
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
