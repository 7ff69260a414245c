package io.webhookdb.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The procedure of docs/backup.md for a Kafka that is gone with all topics: jobs come back with
 * their checkpoints, whose offsets are past the end of the new log.
 */
class LostKafkaITCase {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private HttpServer receiver;

    @TempDir Path folder;

    @BeforeEach
    void receive() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        received.add(
                                exchange.getRequestURI().getPath()
                                        + " "
                                        + new String(
                                                exchange.getRequestBody().readAllBytes(), UTF_8));
                        exchange.sendResponseHeaders(200, -1);
                    }
                });
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    @Test
    void goesOnWithANewOneFromTheFirstRecord() throws Exception {
        StandaloneOptions options = StandaloneOptions.isolated(folder.resolve("data"));
        options.outboundAllow = "127.0.0.0/8";
        TestingTenant tenant;
        JsonNode integration;
        try (WholeSystem system = new WholeSystem(code -> {})) {
            ReadyFile addresses = system.start(options);
            options.postgresPort = URI.create(addresses.postgresUrl()).getPort();
            tenant = new TestingTenant(addresses);
            tenant.logIn();
            integration = integration(tenant);
            for (int i = 0; i < 20; i++) {
                tenant.ingest(integration, "{\"id\":\"before\"}");
            }
            awaitRows(tenant, integration, "[[\"before\"]]");
            awaitReceived("before");
            awaitCounted(tenant, integration, 20);
        }

        delete(folder.resolve("data").resolve("kafka"));
        try (WholeSystem system = new WholeSystem(code -> {})) {
            tenant.movedTo(system.start(options));
            tenant.ingest(integration, "{\"id\":\"later\"}");
            awaitRows(tenant, integration, "[[\"before\"],[\"later\"]]");
            awaitReceived("later");
            awaitCounted(tenant, integration, 21);
        }
    }

    private JsonNode integration(TestingTenant tenant) throws Exception {
        JsonNode made = tenant.create("generic_webhook_v1");
        tenant.answer(made, "key_pointer", "/id");
        tenant.answer(made, "webhook_secret", "");
        String id = made.path("opaque_id").asText();
        String url = "127.0.0.1:" + receiver.getAddress().getPort();
        tenant.api(
                "/webhook_subscriptions/create",
                Map.of(
                        "service_integration_identifier",
                        id,
                        "url",
                        "http://" + url + "/hook",
                        "webhook_secret",
                        "s"));
        tenant.api(
                "/sync_targets/http/create",
                Map.of(
                        "service_integration_identifier",
                        id,
                        "connection_url",
                        "http://u:p@" + url + "/sync",
                        "period_seconds",
                        "1"));
        return made;
    }

    private static void awaitRows(TestingTenant tenant, JsonNode integration, String rows) {
        tenant.awaitRows(
                "SELECT unique_id FROM " + integration.path("table_name").asText() + " ORDER BY 1",
                rows);
    }

    private void awaitReceived(String id) {
        for (String path : List.of("/hook ", "/sync ")) {
            await().atMost(LIMIT)
                    .until(
                            () ->
                                    received.stream()
                                            .anyMatch(
                                                    one ->
                                                            one.startsWith(path)
                                                                    && one.contains(id)));
        }
    }

    /** What jobs report comes back, too: its offsets are kept in the application database. */
    private static void awaitCounted(TestingTenant tenant, JsonNode integration, long events) {
        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(
                                                tenant.get(
                                                                tenant.organization()
                                                                        + "/service_integrations/"
                                                                        + integration
                                                                                .path("opaque_id")
                                                                                .asText()
                                                                        + "/stats")
                                                        .path("count_last_7_days")
                                                        .asLong())
                                        .isGreaterThanOrEqualTo(events));
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
