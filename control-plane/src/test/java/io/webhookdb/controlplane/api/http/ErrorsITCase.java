package io.webhookdb.controlplane.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedControlPlane.class)
class ErrorsITCase {
    private final TestingSystem system;

    ErrorsITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void answersUnknownPathsInTheEnvelope() {
        assertEnvelope(system.client().get("/v1/nothing"), 404);
        assertEnvelope(system.client().get("/"), 404);
        assertEnvelope(system.client().post("/v1/me"), 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "\"x\"", "{", "{\"a\":1} x", "nope", "null"})
    void refusesBodiesThatAreNoObject(String body) {
        Answer refused = system.client().postRaw("/v1/auth", body);

        assertEnvelope(refused, 400);
        assertThat(refused.code()).isEqualTo("invalid_input");
    }

    @Test
    void readsABodyBehindAByteOrderMark() {
        Answer asked = system.client().postRaw("/v1/auth", "\uFEFF{\"email\":\"\"}");

        assertThat(asked.status()).as(asked.text()).isEqualTo(422);
        assertThat(asked.step().path("post_params_value_key").asText()).isEqualTo("email");
    }

    @Test
    void unpacksBodiesInGzip() throws IOException {
        TestingClient packing = system.client().with("Content-Encoding", "gzip");
        Answer asked = packing.postRaw("/v1/auth", gzip("{\"email\":\"gzip@example.org\"}"));
        Answer large = packing.postRaw("/v1/auth", gzip(" ".repeat(Request.BODY_LIMIT + 1)));
        Answer plain = packing.postRaw("/v1/auth", "{\"email\":\"gzip@example.org\"}");

        assertThat(asked.status()).as(asked.text()).isEqualTo(202);
        assertEnvelope(large, 413);
        assertEnvelope(plain, 400);
        assertThat(plain.message()).contains("not gzip");
    }

    @Test
    void namesTheCodingsOfBodiesItReads() {
        Answer refused = system.client().with("Content-Encoding", "br").postRaw("/v1/auth", "{}");

        assertEnvelope(refused, 415);
        assertThat(refused.message()).contains("br").contains("gzip");
    }

    @Test
    void refusesBodiesThatAreTooLarge() {
        Answer refused =
                system.client().post("/v1/auth", Map.of("email", "x".repeat(Request.BODY_LIMIT)));

        assertEnvelope(refused, 413);
    }

    @Test
    void acceptsScalarsWhereTextIsExpected() {
        Answer refused = system.client().post("/v1/auth", Map.of("email", 42));

        assertEnvelope(refused, 400);
        assertThat(refused.code()).isEqualTo("validation_error");
    }

    @Test
    void leavesOutWhatTerminalsAdd() {
        Answer asked =
                system.client()
                        .post(
                                "/v1/auth",
                                Map.of("email", "\u001b[200~keys@example.org\u001b[201~\n"));

        assertThat(asked.status()).as(asked.text()).isEqualTo(202);
        assertThat(asked.step().at("/post_params/email").asText()).isEqualTo("keys@example.org");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/%00 HTTP/1.1",
                "GET /v1/a%2Fb/..%2f HTTP/1.1",
                "GET /%zz HTTP/1.1",
                "NONSENSE",
                "GET / HTTP/9.9"
            })
    void answersMalformedRequestsInTheEnvelope(String line) throws IOException {
        String answer = raw(line + "\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 ").contains("application/json");
        assertThat(answer).contains("{\"error\":{\"message\":").doesNotContain("Jetty");
    }

    @Test
    void sendsHeadersThatProtectBrowsers() {
        Answer answer = system.client().get("/healthz");

        assertThat(answer.body().toString()).isEqualTo("{\"o\":\"k\"}");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(answer.header("Server")).isEmpty();
        assertThat(answer.header("Content-Type")).startsWith("application/json");
    }

    @Test
    void tellsItsRelease() {
        assertThat(system.client().get("/statusz").body().path("version").isTextual()).isTrue();
    }

    @Test
    void writesNoPercentSignIntoAPathToAnswerTo() {
        TestingClient client = system.login("percent@example.org");
        long id =
                client.post("/v1/organizations/create", Map.of("name", "100% Org"))
                        .body()
                        .path("id")
                        .asLong();
        Answer spaces =
                client.post(
                        "/v1/organizations/percent@example.org%20Org/service_integrations/create");
        Answer percent = client.post("/v1/organizations/100%25%20Org/service_integrations/create");

        assertThat(spaces.step().path("post_to_url").asText())
                .matches("/v1/organizations/[0-9]+/service_integrations/create");
        assertThat(percent.step().path("post_to_url").asText())
                .isEqualTo("/v1/organizations/" + id + "/service_integrations/create");
        assertThat(client.reply(percent, "nothing_v1").code()).isEqualTo("invalid_service");
        assertThat(client.reply(spaces, "nothing_v1").code()).isEqualTo("invalid_service");
    }

    @Test
    void endsAConversationWithATerminalWhoseInputHasEnded() {
        TestingClient client = system.login("eof@example.org");
        int[] statuses =
                IntStream.range(0, PromptBrake.PROMPTS + 5)
                        .map(i -> client.post("/v1/organizations/create").status())
                        .toArray();

        assertThat(statuses[0]).isEqualTo(422);
        assertThat(statuses[statuses.length - 1]).isEqualTo(429);
    }

    private static byte[] gzip(String plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }

    private static void assertEnvelope(Answer answer, int status) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.body().at("/error/status").isIntegralNumber()).isTrue();
        assertThat(answer.body().at("/error/status").asInt()).isEqualTo(status);
        assertThat(answer.body().at("/error/message").asText()).isNotEmpty();
        assertThat(answer.body().at("/error/code").isTextual()).isTrue();
    }

    private String raw(String request) throws IOException {
        URI api = system.client().uri("/");
        try (Socket socket = new Socket(api.getHost(), api.getPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
