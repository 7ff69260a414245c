package io.webhookdb.controlplane.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import io.webhookdb.controlplane.TestingClient;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestLimitsITCase {
    @Test
    void answers429InTheEnvelopeWithTheTimeToWait() {
        Javalin server =
                Javalin.create(
                                config ->
                                        new Router(
                                                        config.routes,
                                                        new ErrorEnvelopes(),
                                                        RequestLimits.of(1, 2),
                                                        (request, endpoint) ->
                                                                endpoint.answer(request))
                                                .post(
                                                        "/v1/auth",
                                                        request ->
                                                                Answer.of(
                                                                        202, Step.complete("in"))))
                        .start("127.0.0.1", 0);
        try {
            TestingClient client = TestingClient.of(server.port());
            assertThat(client.post("/v1/auth", Map.of()).status()).isEqualTo(202);

            TestingClient.Answer refused = client.post("/v1/auth", Map.of());

            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.code()).isEqualTo("rate_limited");
            assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 60);
            assertThat(client.post("/v1/unknown", Map.of()).status()).isEqualTo(404);
            assertThat(client.post("/v1/unknown", Map.of()).status()).isEqualTo(429);
        } finally {
            server.stop();
        }
    }
}
