package io.webhookdb.controlplane.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.webhookdb.controlplane.database.ApplicationDatabase;
import io.webhookdb.controlplane.provisioner.KafkaTopics;
import io.webhookdb.controlplane.provisioner.TopicSettings;
import io.webhookdb.embedded.EmbeddedKafka;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.kafka.KafkaAccess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a part that is started while what it needs is away. */
class StartITCase {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Test
    void waitsForDatabaseAndKafkaThatComeLater(@TempDir Path folder) throws Exception {
        try (EmbeddedKafka kafka =
                        EmbeddedKafka.start(EmbeddedKafka.Settings.in(folder.resolve("kafka")));
                EmbeddedPostgresServer postgres =
                        EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary())) {
            String bootstrap = kafka.bootstrapServers();
            kafka.stop();
            postgres.stop();
            AtomicInteger attempts = new AtomicInteger();
            CompletableFuture<Void> started =
                    CompletableFuture.runAsync(
                            () -> {
                                try {
                                    start(attempts, postgres, bootstrap).close();
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            await().atMost(LIMIT).until(() -> attempts.get() > 1);
            postgres.start();
            await().atMost(LIMIT).until(() -> attempts.get() > 2);
            assertThat(started).isNotDone();
            kafka.start();
            await().atMost(LIMIT).until(started::isDone);
            started.get();
        }
    }

    private static AutoCloseable start(
            AtomicInteger attempts, EmbeddedPostgresServer postgres, String bootstrap)
            throws InterruptedException {
        return PartProcess.started(
                "part",
                environment -> {
                    attempts.incrementAndGet();
                    ApplicationDatabase database =
                            ApplicationDatabase.open(PostgresUrl.parse(postgres.superuserUrl()), 1);
                    try {
                        KafkaTopics.ensure(
                                KafkaAccess.of(bootstrap, Map.of()), TopicSettings.standalone(1));
                        return database;
                    } catch (RuntimeException e) {
                        database.close();
                        throw e;
                    }
                },
                new Environment(Map.of()));
    }

    @Test
    void saysWhichDatabaseDoesNotAnswerAndKeepsItsPassword() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        assertThatThrownBy(
                        () ->
                                ApplicationDatabase.open(
                                        new PostgresUrl("127.0.0.1", port, "d", "u", "kept"), 1))
                .hasMessageContaining("127.0.0.1:" + port + " (WEBHOOKDB_DATABASE_URL)")
                .hasMessageContaining("refused")
                .hasMessageNotContaining("kept")
                .satisfies(
                        failure ->
                                assertThat(StartFailure.of(failure)).isEqualTo(StartFailure.AWAY));
    }

    @Test
    void doesNotWaitForWhatOnlySomebodyCanMend() {
        AtomicInteger attempts = new AtomicInteger();
        assertThatThrownBy(
                        () ->
                                PartProcess.started(
                                        "part",
                                        environment -> {
                                            attempts.incrementAndGet();
                                            environment.required("KEYSETS");
                                            return () -> {};
                                        },
                                        new Environment(Map.of())))
                .hasMessage("KEYSETS is not set.");
        assertThat(attempts).hasValue(1);
    }
}
