package io.webhookdb.controlplane.provisioner.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertRequestTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @Test
    void postsTheFieldsOfTheContract() throws Exception {
        AlertRequest request = AlertRequest.of("https://u:p%40s@hooks.example/e?k=1", alert());

        assertThat(request.target()).hasToString("https://hooks.example/e?k=1");
        assertThat(request.headers())
                .containsEntry("Content-Type", "application/json")
                .containsEntry("Authorization", "Basic dTpwQHM=");
        JsonNode body = MAPPER.readTree(request.body());
        assertThat(body.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "error_type",
                        "details",
                        "signature",
                        "organization_key",
                        "service_integration_id",
                        "service_integration_name",
                        "service_integration_table",
                        "message");
        assertThat(body.path("error_type").asText()).isEqualTo("error_rejected_webhooks");
        assertThat(body.at("/details/rejected").asInt()).isEqualTo(12);
    }

    @Test
    void sendsSentryAnEnvelopeOfThreeLines() throws Exception {
        AlertRequest request =
                AlertRequest.of("sentry://abc123@o1.ingest.sentry.io/42?level=error", alert());

        assertThat(request.target()).hasToString("https://o1.ingest.sentry.io/api/42/envelope/");
        assertThat(request.headers())
                .containsEntry("Content-Type", "application/x-sentry-envelope");
        assertThat(request.headers().get("X-Sentry-Auth")).contains("sentry_key=abc123");
        List<String> lines = new String(request.body(), UTF_8).lines().toList();
        assertThat(lines).hasSize(3);
        JsonNode event = MAPPER.readTree(lines.get(2));
        assertThat(event.path("event_id"))
                .isEqualTo(MAPPER.readTree(lines.get(0)).path("event_id"));
        assertThat(event.at("/fingerprint/0").asText()).isEqualTo("sig");
        assertThat(event.path("level").asText()).isEqualTo("error");
        assertThat(event.at("/tags/rejected").asText()).isEqualTo("12");
        assertThat(event.at("/tags/service_name").asText()).isEqualTo("stripe_charge_v1");
        assertThat(event.at("/extra/why").asText()).isEqualTo("no valid signature");
    }

    @Test
    void takesADsnOfHttpsAndWarnsByDefault() {
        AlertRequest request = AlertRequest.of("https://key@o1.ingest.sentry.io/7", alert());
        assertThat(request.target()).hasToString("https://o1.ingest.sentry.io/api/7/envelope/");
        assertThat(new String(request.body(), UTF_8)).contains("\"level\":\"warning\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"sentry://o1.ingest.sentry.io/7", "sentry://key@host/", "no url", "x:y"})
    void refusesWhatItCannotCallWithoutQuotingIt(String url) {
        assertThatThrownBy(() -> AlertRequest.of(url, alert()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(url);
    }

    private static PendingAlert alert() {
        return new PendingAlert(
                1,
                "handler",
                "error_handler/oeh_1",
                0,
                "error_rejected_webhooks",
                "sig",
                7,
                "my_org",
                "svi_1",
                "stripe_charge_v1",
                "stripe_charge_v1_ab",
                "Webhooks are rejected",
                "12 were rejected.",
                Map.of(
                        "rejected", 12,
                        "service_name", "stripe_charge_v1",
                        "why", "no valid signature"),
                Instant.parse("2026-01-31T10:00:00Z"));
    }
}
