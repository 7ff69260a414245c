package io.webhookdb.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people define on a running system works at once, from the POST to the row. */
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
    private ReadyFile addresses;
    private String token = "";
    private String organization;

    @TempDir Path folder;

    @Test
    void receivesTheFirstRowOfADefinitionMadeWhileItRuns() throws Exception {
        try (WholeSystem system = new WholeSystem(code -> {})) {
            addresses = system.start(StandaloneOptions.isolated(folder.resolve("data")));
            logIn();

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
    }

    private void logIn() throws Exception {
        post("/v1/auth", Map.of("email", "own@example.org"));
        post("/v1/auth", Map.of("email", "own@example.org", "token", "1"));
        organization = "/v1/organizations/" + get("/v1/me").at("/default_organization/id").asText();
    }

    private JsonNode create(String service) throws Exception {
        api("/service_integrations/create", Map.of("service_name", service));
        for (JsonNode item : get(organization + "/service_integrations").path("items")) {
            if (item.path("service_name").asText().equals(service)) {
                return item;
            }
        }
        throw new AssertionError("No integration for " + service);
    }

    private void answer(JsonNode integration, String field, String value) throws Exception {
        api(
                "/service_integrations/"
                        + integration.path("opaque_id").asText()
                        + "/transition/"
                        + field,
                Map.of("value", value));
    }

    private void ingest(JsonNode integration, String body) throws Exception {
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(
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
