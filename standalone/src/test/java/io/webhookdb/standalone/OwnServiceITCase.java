package io.webhookdb.standalone;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What people define on a running system works at once, from the POST to the row and beyond. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnServiceITCase {
    private static final String ORDERS =
            """
            service: acme_order_v1
            key: {column: acme_id, type: text, pointer: /id}
            columns:
            - {name: total, type: numeric, pointer: /total}
            version-time:
            - {resource: /updated_at, format: iso-8601}
            """;

    private final WholeSystem system = new WholeSystem(code -> {});
    private final Queue<Received> received = new ConcurrentLinkedQueue<>();
    private final HttpServer receiver;
    private TestingTenant tenant;

    OwnServiceITCase() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @TempDir static Path folder;

    @BeforeAll
    void start() throws Exception {
        receiver.createContext("/", this::receive);
        receiver.start();
        String url = "http://127.0.0.1:" + receiver.getAddress().getPort();
        System.setProperty("otel.exporter.otlp.endpoint", url + "/collector");
        System.setProperty("otel.traces.sampler", "parentbased_always_off");
        System.setProperty("otel.bsp.schedule.delay", "100");
        StandaloneOptions options = StandaloneOptions.isolated(folder.resolve("data"));
        options.outboundAllow = "127.0.0.0/8";
        tenant = new TestingTenant(system.start(options));
        tenant.logIn();
    }

    @AfterAll
    void stop() {
        system.close();
        receiver.stop(0);
        List.of("exporter.otlp.endpoint", "traces.sampler", "bsp.schedule.delay")
                .forEach(name -> System.clearProperty("otel." + name));
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1);
            received.add(
                    new Received(
                            exchange.getRequestURI().getPath(),
                            body,
                            String.valueOf(exchange.getRequestHeaders().getFirst("traceparent"))));
            exchange.sendResponseHeaders(200, -1);
        }
    }

    /** What a receiver got; {@code trace} is "null" without one. */
    private record Received(String path, String body, String trace) {}

    private static String bytes(String id) {
        return new String(HexFormat.of().parseHex(id), ISO_8859_1);
    }

    private List<String> traces(String path, String content) {
        return received.stream()
                .filter(one -> one.path().equals(path) && one.body().contains(content))
                .map(Received::trace)
                .distinct()
                .toList();
    }

    @Test
    void carriesTheTraceOfAPostToWhoeverGetsItsRow() throws Exception {
        JsonNode generic = tenant.create("generic_webhook_v1");
        tenant.answer(generic, "key_pointer", "/id");
        tenant.answer(generic, "webhook_secret", "");
        String id = generic.path("opaque_id").asText();
        String url = "http://127.0.0.1:" + receiver.getAddress().getPort();
        tenant.api(
                "/webhook_subscriptions/create",
                Map.of(
                        "service_integration_identifier",
                        id,
                        "url",
                        url + "/hook",
                        "webhook_secret",
                        "s"));
        tenant.api(
                "/sync_targets/http/create",
                Map.of(
                        "service_integration_identifier",
                        id,
                        "connection_url",
                        url.replace("http://", "http://u:p@") + "/sync",
                        "period_seconds",
                        "1"));

        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        String sent = "00-" + trace + "-00f067aa0ba902b7-01";
        tenant.ingest(generic, "{\"id\":\"traced\"}", "traceparent", sent);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> {
                            for (String path : new String[] {"/hook", "/sync"}) {
                                // A new target may get it as an existing row besides, which has
                                // no trace.
                                assertThat(traces(path, "traced"))
                                        .filteredOn(
                                                one -> path.equals("/hook") || !one.equals("null"))
                                        .as("ours are between")
                                        .hasSize(1)
                                        .doesNotContain(sent)
                                        .allMatch(one -> one.startsWith("00-" + trace + "-"));
                            }
                            for (String step : new String[] {"receive", "write row", "deliver"}) {
                                assertThat(traces("/collector/v1/traces", step)).isNotEmpty();
                                assertThat(traces("/collector/v1/traces", bytes(trace)))
                                        .isNotEmpty();
                            }
                        });
        tenant.ingest(generic, "{\"id\":\"alone\"}", "traceparent", "00-none");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> {
                            assertThat(traces("/hook", "alone")).containsExactly("null");
                            assertThat(traces("/sync", "alone")).containsExactly("null");
                        });
    }

    @Test
    void receivesTheFirstRowOfADefinitionMadeWhileItRuns() throws Exception {
        tenant.api("/service_definitions/define", Map.of("definition", ORDERS));
        JsonNode orders = tenant.create("acme_order_v1");
        tenant.ingest(
                orders,
                "{\"id\":\"o1\",\"total\":12.5,\"paid\":false,\"updated_at\":\"2024-02-01T00:00:00Z\"}");
        tenant.ingest(
                orders, "{\"id\":\"o1\",\"total\":11,\"updated_at\":\"2024-01-01T00:00:00Z\"}");
        tenant.awaitRows(
                "SELECT acme_id, total::text FROM " + orders.path("table_name").asText(),
                "[[\"o1\",\"12.5\"]]");

        tenant.api(
                "/service_definitions/define",
                Map.of(
                        "definition",
                        ORDERS.replace(
                                "version-time:",
                                "- {name: paid, type: boolean, pointer: /paid, presence:"
                                        + " optional}\nversion-time:")));
        tenant.ingest(
                orders,
                "{\"id\":\"o2\",\"total\":1,\"paid\":true,\"updated_at\":\"2024-02-01T00:00:00Z\"}");
        tenant.awaitRows(
                "SELECT acme_id, paid FROM " + orders.path("table_name").asText() + " ORDER BY 1",
                "[[\"o1\",false],[\"o2\",true]]");

        JsonNode generic = tenant.create("generic_webhook_v1");
        tenant.answer(generic, "key_pointer", "/order/number");
        tenant.answer(generic, "webhook_secret", "");
        tenant.ingest(
                generic, "[{\"order\":{\"number\":7}},{\"order\":{\"number\":\"8a\"},\"x\":1}]");
        tenant.awaitRows(
                "SELECT unique_id, data->>'x' FROM "
                        + generic.path("table_name").asText()
                        + " ORDER BY 1",
                "[[\"7\",null],[\"8a\",\"1\"]]");
    }
}
