package io.webhookdb.standalone;

import io.webhookdb.controlplane.api.ApiServer;
import io.webhookdb.controlplane.api.ApiSettings;
import io.webhookdb.controlplane.api.auth.LoginPolicy;
import io.webhookdb.controlplane.api.http.PageOrigins;
import io.webhookdb.controlplane.api.http.RequestLimits;
import io.webhookdb.controlplane.api.install.InstallSettings;
import io.webhookdb.controlplane.api.onward.OnwardSettings;
import io.webhookdb.controlplane.environment.Environment;
import io.webhookdb.controlplane.mail.MailSettings;
import io.webhookdb.controlplane.mail.Mailer;
import io.webhookdb.controlplane.mail.PrintingMailer;
import io.webhookdb.controlplane.provisioner.KafkaTopics;
import io.webhookdb.controlplane.provisioner.MigrationSettings;
import io.webhookdb.controlplane.provisioner.MovedServer;
import io.webhookdb.controlplane.provisioner.Provisioner;
import io.webhookdb.controlplane.provisioner.ProvisionerSettings;
import io.webhookdb.controlplane.provisioner.TopicSettings;
import io.webhookdb.controlplane.provisioner.Upkeep;
import io.webhookdb.controlplane.provisioner.alerts.AlertSettings;
import io.webhookdb.controlplane.provisioner.alerts.Installation;
import io.webhookdb.embedded.EmbeddedKafka;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.ingest.IngestServer;
import io.webhookdb.ingest.IngestSettings;
import io.webhookdb.ingest.spool.SpoolEnvironment;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.kafka.KafkaAccess;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.standalone.flink.LocalFlink;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        OnwardSettings onward = options.onward();
        PageOrigins pages = pageOrigins();
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
        CompletableFuture<KafkaAccess> kafka = startup.begin(() -> kafka(options, data));
        CompletableFuture<Servers> postgres = startup.begin(() -> postgres(options, data, keysets));
        List<CompletableFuture<?>> started = new ArrayList<>();
        for (LocalJob job : jobs) {
            started.add(
                    flink.thenAcceptBothAsync(
                            kafka, (cluster, bootstrap) -> run(job, cluster, bootstrap), startup));
        }
        CompletableFuture<IngestServer> ingest =
                kafka.thenApplyAsync(
                        bootstrap -> ingest(options, data, bootstrap, keysets), startup);
        CompletableFuture<ApiServer> api =
                postgres.thenCombineAsync(
                        ingest,
                        (servers, edge) ->
                                api(
                                        options,
                                        onward.withKafka(kafka.join()),
                                        pages,
                                        servers,
                                        keysets,
                                        edge),
                        startup);
        CompletableFuture<Provisioner> provisioner =
                postgres.thenCombineAsync(
                        kafka,
                        (servers, bootstrap) -> provisioner(options, servers, bootstrap, keysets),
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
    private KafkaAccess kafka(StandaloneOptions options, DataDirectory data) {
        KafkaAccess kafka =
                options.kafkaBootstrap.isBlank()
                        ? KafkaAccess.plain(
                                parts.add(
                                                "kafka",
                                                EmbeddedKafka.start(
                                                        EmbeddedKafka.Settings.in(data.kafka())
                                                                .withPort(options.kafkaPort)))
                                        .bootstrapServers())
                        : KafkaAccess.of(options.kafkaBootstrap, System.getenv());
        KafkaTopics.ensure(kafka, TOPICS);
        return kafka;
    }

    private void run(LocalJob job, LocalFlink flink, KafkaAccess kafka) {
        LocalFlink.RunningJob running = job.submit(flink, kafka);
        parts.add(job.name() + " job", () -> flink.stop(running));
        job.await(running);
    }

    private IngestServer ingest(
            StandaloneOptions options,
            DataDirectory data,
            KafkaAccess kafka,
            KeysetFolder keysets) {
        return parts.add(
                "ingest",
                IngestServer.start(
                        IngestSettings.builder(kafka, keysets)
                                .host(LOOPBACK)
                                .port(options.ingestPort)
                                .spool(SpoolEnvironment.read(System.getenv(), data.spool()))
                                .build()));
    }

    private ApiServer api(
            StandaloneOptions options,
            OnwardSettings onward,
            PageOrigins pages,
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
                                .withMailer(mailer())
                                .withInstall(InstallSettings.of(new Environment(System.getenv())))
                                .withOnward(onward)
                                .withPageOrigins(pages)
                                .withLoginPolicy(
                                        options.skipAuthentication
                                                ? LoginPolicy.ANY_CODE
                                                : LoginPolicy.CODE),
                        limits(options)));
    }

    /** Pages on this machine, unless others are named. */
    private static PageOrigins pageOrigins() {
        return PageOrigins.of(
                new Environment(System.getenv())
                        .optional("WEBHOOKDB_API_CORS_ORIGINS")
                        .orElse("http://localhost:*,http://127.0.0.1:*"));
    }

    /** Unlimited logins where any code is accepted, whatever said so. */
    private static RequestLimits limits(StandaloneOptions options) {
        Map<String, String> variables = new HashMap<>(System.getenv());
        variables.put(
                "WEBHOOKDB_SKIP_AUTHENTICATION", Boolean.toString(options.skipAuthentication));
        return RequestLimits.of(new Environment(variables));
    }

    private Provisioner provisioner(
            StandaloneOptions options, Servers servers, KafkaAccess kafka, KeysetFolder keysets) {
        return parts.add(
                "provisioner",
                Provisioner.start(
                        ProvisionerSettings.of(
                                        servers.application(),
                                        servers.replication(),
                                        kafka,
                                        TOPICS,
                                        keysets)
                                .withIsolation(options.isolation())
                                .withMigrations(MigrationSettings.of(options.outboundAllow))
                                .withUpkeep(Upkeep.of(new Environment(System.getenv()))),
                        new AlertSettings(
                                mailer(),
                                OutboundPolicy.parse(options.outboundAllow),
                                Installation.of(
                                        url(options.apiPort), new Environment(System.getenv())))));
    }

    private Mailer mailer() {
        return MailSettings.mailer(new Environment(System.getenv()))
                .orElseGet(() -> new PrintingMailer(codePrinter));
    }

    /** Application database and replication servers; the embedded server for what is not given. */
    private Servers postgres(StandaloneOptions options, DataDirectory data, KeysetFolder keysets) {
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
        parts.add("postgres keeper", PostgresKeeper.of(server));
        PostgresUrl superuser = PostgresUrl.parse(server.superuserUrl());
        PostgresUrl application =
                options.databaseUrl.isBlank()
                        ? EmbeddedApplicationDatabase.ensure(
                                superuser, data.secret(APPLICATION_PASSWORD))
                        : PostgresUrl.parse(options.databaseUrl);
        if (options.servers().isEmpty()) {
            // The same data folder may be started on another port than the last time.
            MovedServer.note(application, superuser, keysets.readers());
        }
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
