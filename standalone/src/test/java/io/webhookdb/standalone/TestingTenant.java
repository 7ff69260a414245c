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
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Somebody with an organization on a system that runs, and the vendors who post to it. */
final class TestingTenant {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<String> known = new HashSet<>();
    private ReadyFile addresses;
    private String token = "";
    private String organization;

    TestingTenant(ReadyFile addresses) {
        this.addresses = addresses;
    }

    /** The same system, elsewhere. */
    void movedTo(ReadyFile others) {
        addresses = others;
    }

    /** Path of the organization. */
    String organization() {
        return organization;
    }

    /** Logged in with an organization of its own. */
    void logIn() throws Exception {
        post("/v1/auth", Map.of("email", "own@example.org"));
        post("/v1/auth", Map.of("email", "own@example.org", "token", "1"));
        organization = "/v1/organizations/" + get("/v1/me").at("/default_organization/id").asText();
    }

    /** The new integration. */
    JsonNode create(String service) throws Exception {
        api("/service_integrations/create", Map.of("service_name", service, "guard_confirm", ""));
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

    /** Answers a question about it. */
    void answer(JsonNode integration, String field, String value) throws Exception {
        api(
                "/service_integrations/"
                        + integration.path("opaque_id").asText()
                        + "/transition/"
                        + field,
                Map.of("value", value));
    }

    /** Posts as a vendor would. */
    void ingest(JsonNode integration, String body, String... headers) throws Exception {
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

    void awaitRows(String sql, String rows) {
        String path = organization.replace("organizations", "db") + "/sql";
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () ->
                                assertThat(post(path, Map.of("query", sql)).path("rows"))
                                        .hasToString(rows));
    }

    /** Posts to the organization's. */
    void api(String below, Map<String, String> body) throws Exception {
        post(organization + below, body);
    }

    JsonNode get(String path) throws Exception {
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
