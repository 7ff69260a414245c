package io.webhookdb.standalone;

import io.webhookdb.controlplane.api.ApiServer;
import io.webhookdb.controlplane.api.ApiSettings;
import io.webhookdb.controlplane.provisioner.Provisioner;
import io.webhookdb.controlplane.provisioner.ProvisionerSettings;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
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

    private final Closeables parts = new Closeables();

    /**
     * Starts everything and writes the ready file. On failure everything is stopped again.
     *
     * @param announce takes an address and the login code sent to it, where no mail is configured
     */
    ReadyFile start(StandaloneOptions options, BiConsumer<String, String> announce) {
        try {
            return startParts(options, announce);
        } catch (IOException e) {
            close();
            throw new IllegalStateException("The system cannot be started", e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private ReadyFile startParts(StandaloneOptions options, BiConsumer<String, String> announce)
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
                CompletableFuture.supplyAsync(() -> kafka(options, data));
        Servers servers = postgres(options, data);
        String bootstrap = joined(kafkaStarting);

        Provisioner provisioner =
                parts.add(
                        "provisioner",
                        Provisioner.start(provisionerSettings(servers, bootstrap, keysets)));
        CompletableFuture<ApiServer> apiStarting =
                CompletableFuture.supplyAsync(
                        () -> ApiServer.start(apiSettings(options, servers, keysets, announce)));
        LocalFlink flink = parts.add("flink", joined(flinkStarting));
        LocalFlink.RunningJob job =
                flink.submit(
                        "replication",
                        PARALLELISM,
                        env -> ReplicationJob.build(env, jobSettings(bootstrap, keysetFolder)));
        parts.add("replication job", () -> flink.stop(job));
        ApiServer api = parts.add("api", joined(apiStarting));
        IngestServer ingest =
                parts.add("ingest", IngestServer.start(ingestSettings(options, bootstrap, keysets)));
        awaitRunning(job);

        ReadyFile ready =
                new ReadyFile(
                        "http://" + LOOPBACK + ":" + api.port(),
                        "http://" + LOOPBACK + ":" + ingest.port(),
                        flink.url(),
                        servers.superuserUrl(),
                        bootstrap,
                        ProcessHandle.current().pid());
        data.writePrivately(data.readyFile(), ready.json());
        LOG.info("Ready: {} {}", ready.apiUrl(), ready.ingestUrl());
        return ready;
    }

    @Override
    public void close() {
        parts.close();
    }
}
