package io.webhookdb.controlplane.api.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class StatusITCase {
    private final TestingSystem system;

    StatusITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void tellsHowLongTheDatabaseTakes() {
        Answer health = system.client().get("/service_health");

        assertThat(health.status()).isEqualTo(200);
        assertThat(health.body().path("db").asDouble()).isBetween(0.0, 60.0);
        assertThat(health.body().at("/queues/0/n").asText()).isEqualTo("provisioning");
    }

    @Test
    void swallowsAnythingAndKeepsNothing() throws Exception {
        HttpResponse<byte[]> answer =
                send(
                        HttpRequest.newBuilder(system.client().uri("/sink"))
                                .POST(HttpRequest.BodyPublishers.ofString("no JSON at all")));

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void takesMessagesOfVisitorsAndSaysWhatIsMissing() {
        Map<String, String> form =
                Map.of("form_name", "contact", "email", "v@example.org", "message", "Hello");

        assertThat(system.client().post("/v1/auth/contact", form).status()).isEqualTo(200);
        Answer refused = system.client().post("/v1/auth/contact", Map.of("message", "Hello"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().at("/error/field_errors/form_name/0").asText()).isNotBlank();
        Answer long5001 =
                system.client()
                        .post(
                                "/v1/auth/contact",
                                Map.of("form_name", "a", "message", "x".repeat(5001)));
        assertThat(long5001.status()).isEqualTo(400);
    }

    /** Without the header, a page cannot even read why its query failed. */
    @Test
    void letsPagesOfAnyOriginReadAnswersAndErrorsOfQueries() throws Exception {
        for (String path : new String[] {"/v1/saved_queries/svq_none/run", "/v1/db/run_sql"}) {
            URI uri = system.client().uri(path);
            HttpResponse<byte[]> refused = send(HttpRequest.newBuilder(uri).GET());
            assertThat(refused.statusCode()).isBetween(400, 499);
            assertThat(refused.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
            HttpResponse<byte[]> asked =
                    send(
                            HttpRequest.newBuilder(uri)
                                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
            assertThat(asked.statusCode()).isEqualTo(204);
            assertThat(asked.headers().firstValue("Access-Control-Allow-Headers").orElse(""))
                    .contains("Whdb-Sha256-Conn");
        }
        HttpResponse<byte[]> other =
                send(HttpRequest.newBuilder(system.client().uri("/v1/me")).GET());
        assertThat(other.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    /** A terminal in a browser: it asks before, and reads the token of its login. */
    @Test
    void letsPagesOfChosenOriginsCall() throws Exception {
        HttpResponse<byte[]> asked = asked("/v1/auth", "http://localhost:8080");
        assertThat(asked.statusCode()).isEqualTo(204);
        assertThat(asked.headers().firstValue("Access-Control-Allow-Origin"))
                .hasValue("http://localhost:8080");
        assertThat(asked.headers().firstValue("Access-Control-Allow-Methods"))
                .hasValue("GET, POST");
        assertThat(asked.headers().firstValue("Access-Control-Allow-Headers"))
                .hasValue("content-type, whdb-short-session");
        assertThat(asked.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();

        HttpResponse<byte[]> refused = of("/v1/me", "http://localhost:8080");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("Access-Control-Allow-Origin"))
                .hasValue("http://localhost:8080");
        assertThat(refused.headers().firstValue("Access-Control-Expose-Headers").orElse(""))
                .contains("Whdb-Auth-Token");

        assertThat(of("/v1/me", "http://localhost.evil.example").headers().map())
                .doesNotContainKey("access-control-allow-origin");
        assertThat(asked("/v1/auth", "https://evil.example").statusCode()).isEqualTo(404);
    }

    private HttpResponse<byte[]> of(String path, String origin) throws Exception {
        return send(
                HttpRequest.newBuilder(system.client().uri(path)).header("Origin", origin).GET());
    }

    private HttpResponse<byte[]> asked(String path, String origin) throws Exception {
        return send(
                HttpRequest.newBuilder(system.client().uri(path))
                        .header("Origin", origin)
                        .header("Access-Control-Request-Method", "POST")
                        .header(
                                "Access-Control-Request-Headers",
                                "content-type, whdb-short-session")
                        .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }
}
