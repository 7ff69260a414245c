package io.webhookdb.standalone;

import io.webhookdb.controlplane.api.ApiServer;
import io.webhookdb.controlplane.api.ApiSettings;
import io.webhookdb.controlplane.provisioner.Provisioner;
import io.webhookdb.controlplane.api.auth.LoginPolicy;
import io.webhookdb.controlplane.provisioner.ProvisionerSettings;
import io.webhookdb.controlplane.provisioner.TopicSettings;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.embedded.EmbeddedKafka;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.ingest.IngestServer;
import io.webhookdb.ingest.IngestSettings;
import io.webhookdb.jobs.replication.ReplicationJob;
import io.webhookdb.jobs.replication.ReplicationJobSettings;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.standalone.flink.LocalFlink;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every part of the system in this process, wired as a deployment would wire them: they share nothing
 * but Kafka, Postgres and the keysets.
 */
final class WholeSystem implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WholeSystem.class);
    private static final Duration JOB_START_TIMEOUT = Duration.ofSeconds(60);
    private static final String LOOPBACK = "127.0.0.1";
    private static final int PARALLELISM = 2;
    private static final int PARTITIONS = 4;

    private final Closeables parts = new Closeables();

    /**
     * Starts everything and writes the ready file. On failure everything is stopped again.
     *
     * @param codePrinter takes a line {@code login code for EMAIL: 123456} for each code
     */
    ReadyFile start(StandaloneOptions options, Consumer<String> codePrinter) {
        try {
            return startParts(options, codePrinter);
        } catch (IOException e) {
            close();
            throw new IllegalStateException("The system cannot be started", e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private ReadyFile startParts(StandaloneOptions options, Consumer<String> codePrinter)
            throws IOException {
        DataDirectory data = parts.add("data folder", DataDirectory.open(options.data));
        Path keysetFolder =
                options.keysets.isBlank() ? data.keysets() : Path.of(options.keysets).toAbsolutePath();
        KeysetFolder keysets =
                options.keysets.isBlank()
                        ? KeysetFolder.openOrGenerate(keysetFolder)
                        : KeysetFolder.open(keysetFolder);

        CompletableFuture<LocalFlink> flinkStarting =
                CompletableFuture.supplyAsync(
                        () -> LocalFlink.start(data.flink(), options.flinkPort));
        CompletableFuture<String> kafkaStarting =
                CompletableFuture.supplyAsync(() -> kafka(options, data, parts));
        Servers servers = postgres(options, data);
        String bootstrap = joined(kafkaStarting);

        parts.add(
                "provisioner",
                Provisioner.start(provisionerSettings(servers, bootstrap, keysets, options)));
        IngestServer ingest =
                parts.add(
                        "ingest",
                        IngestServer.start(
                                IngestSettings.builder(bootstrap, keysets.ingest())
                                        .host(LOOPBACK)
                                        .port(options.ingestPort)
                                        .build()));
        String ingestUrl = url(ingest.port());
        CompletableFuture<ApiServer> apiStarting =
                CompletableFuture.supplyAsync(
                        () ->
                                ApiServer.start(
                                        apiSettings(options, servers, keysets, ingestUrl)
                                                .withCodePrinter(codePrinter)));
        LocalFlink flink = parts.add("flink", joined(flinkStarting));
        LocalFlink.RunningJob job =
                flink.submit(
                        "replication",
                        PARALLELISM,
                        env -> ReplicationJob.build(env, jobSettings(bootstrap, keysetFolder)));
        parts.add("replication job", () -> flink.stop(job));
        ApiServer api = parts.add("api", joined(apiStarting));
        awaitRunning(job);

        ReadyFile ready =
                new ReadyFile(
                        url(api.port()),
                        ingestUrl,
                        flink.url(),
                        servers.superuserUrl(),
                        bootstrap,
                        ProcessHandle.current().pid());
        data.writePrivately(data.readyFile(), ready.json());
        LOG.info("Ready: {} {}", ready.apiUrl(), ready.ingestUrl());
        return ready;
    }

    private static String kafka(StandaloneOptions options, DataDirectory data, Closeables parts) {
        return options.kafkaBootstrap.isBlank()
                ? parts.add(
                                "kafka",
                                EmbeddedKafka.start(
                                        EmbeddedKafka.Settings.in(data.kafka())
                                                .withPort(options.kafkaPort)))
                        .bootstrapServers()
                : options.kafkaBootstrap;
    }

    /** Application database and replication servers; the embedded server for what is not given. */
    private Servers postgres(StandaloneOptions options, DataDirectory data) throws IOException {
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
                                superuser, data.secret("application-database.password"))
                        : PostgresUrl.parse(options.databaseUrl);
        return new Servers(
                application,
                options.servers().isEmpty() ? List.of(superuser) : given(options),
                server.superuserUrl());
    }

    private static List<PostgresUrl> given(StandaloneOptions options) {
        return options.servers().stream().map(PostgresUrl::parse).toList();
    }

    private static ProvisionerSettings provisionerSettings(
            Servers servers, String bootstrap, KeysetFolder keysets, StandaloneOptions options) {
        return ProvisionerSettings.of(
                servers.application(),
                servers.replication(),
                bootstrap,
                TopicSettings.standalone(PARTITIONS),
                keysets);
    }

    private static ApiSettings apiSettings(
            StandaloneOptions options, Servers servers, KeysetFolder keysets, String ingestUrl) {
        return ApiSettings.of(
                        servers.application(), keysets, Catalog.load(), URI.create(ingestUrl))
                .withAddress(LOOPBACK, options.apiPort)
                .withApiUrl(URI.create(url(options.apiPort)))
                .withLoginPolicy(
                        options.skipAuthentication ? LoginPolicy.ANY_CODE : LoginPolicy.CODE);
    }

    private static String url(int port) {
        return "http://" + LOOPBACK + ":" + port;
    }

    private static void awaitRunning(LocalFlink.RunningJob job) {
        long deadline = System.nanoTime() + JOB_START_TIMEOUT.toNanos();
        while (!job.isRunning()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "The replication job does not run after "
                                + JOB_START_TIMEOUT.toSeconds()
                                + " s; the log says why.");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static <T> T joined(CompletableFuture<T> starting) {
        try {
            return starting.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(e.getCause());
        }
    }

    /**
     * @param application the application database
     * @param replication administrators' URLs of servers for organizations' databases
     * @param superuserUrl the embedded server's superuser; of given servers the application database
     */
    private record Servers(
            PostgresUrl application, List<PostgresUrl> replication, String superuserUrl) {}

    @Override
    public void close() {
        parts.close();
    }
}
