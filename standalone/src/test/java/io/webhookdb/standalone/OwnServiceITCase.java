package io.webhookdb.standalone;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What people define on a running system works at once, from the POST to the row and beyond. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnServiceITCase {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String ORDERS =
            """
            service: acme_order_v1
            key: {column: acme_id, type: text, pointer: /id}
            columns:
            - {name: total, type: numeric, pointer: /total}
            version-time:
            - {resource: /updated_at, format: iso-8601}
            """;

    private final HttpClient http = HttpClient.newHttpClient();
    private final WholeSystem system = new WholeSystem(code -> {});
    private final Queue<Received> received = new ConcurrentLinkedQueue<>();
    private final Set<String> known = new HashSet<>();
    private final HttpServer receiver;
    private ReadyFile addresses;
    private String token = "";
    private String organization;

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
        addresses = system.start(options);
        logIn();
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
                            String.valueOf(
                                    exchange.getRequestHeaders().getFirst("traceparent"))));
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
        JsonNode generic = create("generic_webhook_v1");
        answer(generic, "key_pointer", "/id");
        answer(generic, "webhook_secret", "");
        String id = generic.path("opaque_id").asText();
        String url = "http://127.0.0.1:" + receiver.getAddress().getPort();
        api(
                "/webhook_subscriptions/create",
                Map.of(
                        "service_integration_identifier",
                        id,
                        "url",
                        url + "/hook",
                        "webhook_secret",
                        "s"));
        api(
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
        ingest(generic, "{\"id\":\"traced\"}", "traceparent", sent);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> {
                            for (String path : new String[] {"/hook", "/sync"}) {
                                assertThat(traces(path, "traced"))
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
        ingest(generic, "{\"id\":\"alone\"}", "traceparent", "00-none");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> {
                            assertThat(traces("/hook", "alone")).containsExactly("null");
                            assertThat(traces("/sync", "alone")).containsExactly("null");
                        });
    }

    @Test
    void receivesTheFirstRowOfADefinitionMadeWhileItRuns() throws Exception {
        api("/service_definitions/define", Map.of("definition", ORDERS));
        JsonNode orders = create("acme_order_v1");
        ingest(
                orders,
                "{\"id\":\"o1\",\"total\":12.5,\"paid\":false,\"updated_at\":\"2024-02-01T00:00:00Z\"}");
        ingest(orders, "{\"id\":\"o1\",\"total\":11,\"updated_at\":\"2024-01-01T00:00:00Z\"}");
        awaitRows(
                "SELECT acme_id, total::text FROM " + orders.path("table_name").asText(),
                "[[\"o1\",\"12.5\"]]");

        api(
                "/service_definitions/define",
                Map.of(
                        "definition",
                        ORDERS.replace(
                                "version-time:",
                                "- {name: paid, type: boolean, pointer: /paid, presence:"
                                        + " optional}\nversion-time:")));
        ingest(
                orders,
                "{\"id\":\"o2\",\"total\":1,\"paid\":true,\"updated_at\":\"2024-02-01T00:00:00Z\"}");
        awaitRows(
                "SELECT acme_id, paid FROM "
                        + orders.path("table_name").asText()
                        + " ORDER BY 1",
                "[[\"o1\",false],[\"o2\",true]]");

        JsonNode generic = create("generic_webhook_v1");
        answer(generic, "key_pointer", "/order/number");
        answer(generic, "webhook_secret", "");
        ingest(generic, "[{\"order\":{\"number\":7}},{\"order\":{\"number\":\"8a\"},\"x\":1}]");
        awaitRows(
                "SELECT unique_id, data->>'x' FROM "
                        + generic.path("table_name").asText()
                        + " ORDER BY 1",
                "[[\"7\",null],[\"8a\",\"1\"]]");
    }

    private void logIn() throws Exception {
        post("/v1/auth", Map.of("email", "own@example.org"));
        post("/v1/auth", Map.of("email", "own@example.org", "token", "1"));
        organization = "/v1/organizations/" + get("/v1/me").at("/default_organization/id").asText();
    }

    private JsonNode create(String service) throws Exception {
        api(
                "/service_integrations/create",
                Map.of("service_name", service, "guard_confirm", ""));
        JsonNode newest = null;
        for (JsonNode item : get(organization + "/service_integrations").path("items")) {
            if (item.path("service_name").asText().equals(service)
                    && known.add(item.path("opaque_id").asText())) {
                newest = item;
            }
        }
        assertThat(newest).as("integration for " + service).isNotNull();
        return newest;
    }

    private void answer(JsonNode integration, String field, String value) throws Exception {
        api(
                "/service_integrations/"
                        + integration.path("opaque_id").asText()
                        + "/transition/"
                        + field,
                Map.of("value", value));
    }

    private void ingest(JsonNode integration, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder();
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> answer =
                http.send(
                        request.uri(
                                        URI.create(
                                                addresses.ingestUrl()
                                                        + "/v1/service_integrations/"
                                                        + integration.path("opaque_id").asText()))
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    private void awaitRows(String sql, String rows) {
        String path = organization.replace("organizations", "db") + "/sql";
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () ->
                                assertThat(post(path, Map.of("query", sql)).path("rows"))
                                        .hasToString(rows));
    }

    private void api(String below, Map<String, String> body) throws Exception {
        post(organization + below, body);
    }

    private JsonNode get(String path) throws Exception {
        return send(request(path).GET());
    }

    private JsonNode post(String path, Map<String, String> fields) throws Exception {
        ObjectNode body = MAPPER.createObjectNode();
        fields.forEach(body::put);
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body.toString())));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(addresses.apiUrl() + path))
                        .timeout(Duration.ofSeconds(30));
        return token.isEmpty() ? request : request.header("Whdb-Auth-Token", token);
    }

    private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        answer.headers().firstValue("Whdb-Auth-Token").ifPresent(value -> token = value);
        assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
        return MAPPER.readTree(answer.body());
    }
}
