package io.webhookdb.connectors.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.trace.TraceContext;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class WebhookRequestTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static WebhookRequest request(Delivery.Kind kind, String url, String secret) {
        return request(TestingDeliveries.fresh("c1", kind, "{\"a\":1}"), url, secret);
    }

    private static WebhookRequest request(Delivery delivery, String url, String secret) {
        return WebhookRequest.of(
                delivery,
                Receiver.of(url),
                TestingDeliveries.proof(secret),
                "agent",
                Duration.ofSeconds(10),
                NOW);
    }

    @Test
    void speaksGitHubsFormToGitHub() {
        WebhookRequest request =
                request(
                        Delivery.Kind.PARALLEL,
                        "https://api.github.com/repos/acme/orders/dispatches",
                        "token");

        assertThat(new String(request.body(), UTF_8))
                .isEqualTo("{\"event_type\":\"webhook\",\"client_payload\":{\"a\":1}}");
        assertThat(request.headers())
                .containsEntry("Authorization", "Bearer token")
                .containsEntry("Accept", "application/vnd.github+json")
                .doesNotContainKey("Whdb-Webhook-Secret");
    }

    @Test
    void marksTestEvents() {
        WebhookRequest request = request(Delivery.Kind.TEST, "https://acme.example/", "s");

        assertThat(request.headers())
                .containsEntry("Whdb-Test-Event", "1")
                .doesNotContainKey("Whdb-Attempt");
    }

    @Test
    void neverLetsASecretEndItsHeader() {
        WebhookRequest request =
                request(Delivery.Kind.PARALLEL, "https://acme.example/", "s\r\nX-Evil: 1");

        assertThat(request.headers())
                .doesNotContainKey("Whdb-Webhook-Secret")
                .containsKey("webhook-signature");
    }

    @Test
    void carriesTheTraceOfTheChangeThroughMessagesAndRetries() {
        TraceContext trace =
                new TraceContext(
                        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "vendor=1");
        Delivery delivery =
                Delivery.read(
                        TestingDeliveries.fresh("c1", Delivery.Kind.ORDERED, "{}")
                                .in(trace)
                                .next()
                                .saying("[]".getBytes(UTF_8))
                                .encode());

        assertThat(request(delivery, "https://acme.example/", "s").headers())
                .containsEntry("traceparent", trace.parent())
                .containsEntry("tracestate", "vendor=1");
        assertThat(request(Delivery.Kind.PARALLEL, "https://acme.example/", "s").headers())
                .doesNotContainKeys("traceparent", "tracestate");
    }

    @Test
    void keepsTheShorterFormWithoutATrace() {
        assertThat(TestingDeliveries.fresh("c1", Delivery.Kind.ORDERED, "{}").encode()[0])
                .isEqualTo((byte) 2);
    }

    @Test
    void doesWithoutASecret() {
        WebhookRequest request = request(Delivery.Kind.PARALLEL, "https://acme.example/", "");

        assertThat(request.headers())
                .doesNotContainKeys("Whdb-Webhook-Secret", "webhook-signature");
    }
}
