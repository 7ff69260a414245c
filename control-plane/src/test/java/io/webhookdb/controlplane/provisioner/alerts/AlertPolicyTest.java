package io.webhookdb.controlplane.provisioner.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.provisioner.alerts.AlertPolicy.Sync;
import io.webhookdb.controlplane.provisioner.alerts.AlertPolicy.Traffic;
import io.webhookdb.controlplane.provisioner.alerts.BackfillAlerts.Subject;
import io.webhookdb.schemas.status.BackfillProgress;
import io.webhookdb.schemas.status.BackfillProgress.Request;
import io.webhookdb.schemas.status.BackfillProgress.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertPolicyTest {
    private static final Subject CHARGE = new Subject("stripe_charge_v1", "Stripe Charge");

    @ParameterizedTest
    @CsvSource({
        "0, 10, true",
        "40, 10, true",
        "41, 10, false",
        "0, 9, false",
        "100000, 9000, false",
        "0, 0, false"
    })
    void tellsOfRejectedWebhooksWhereTheyAreManyAndAShareOfAll(
            long received, long rejected, boolean told) {
        assertThat(AlertPolicy.rejected(traffic(received, rejected, 0)).isPresent())
                .isEqualTo(told);
    }

    @Test
    void tellsHowToMendRejectedWebhooks() {
        Alert alert = AlertPolicy.rejected(traffic(0, 12, 0)).orElseThrow();
        assertThat(alert.message())
                .contains("12 of the last 12")
                .contains("integrations reset svi_1")
                .contains("replay svi_1 --requests rejected");
        assertThat(alert.signature()).isEqualTo("msg-errors/rejected_webhooks-sint:svi_1");
    }

    @Test
    void tellsOfDeadLettersFromTenOn() {
        assertThat(AlertPolicy.dead(traffic(0, 0, AlertPolicy.DEAD_LEAST - 1))).isEmpty();
        assertThat(AlertPolicy.dead(traffic(0, 0, AlertPolicy.DEAD_LEAST))).isPresent();
    }

    @Test
    void tellsOfASyncThatFailedFiveTimesInARow() {
        assertThat(AlertPolicy.failing(new Sync(1, "syt_1", "svi_1", 4, "refused"))).isEmpty();
        assertThat(AlertPolicy.failing(new Sync(1, "syt_1", "svi_1", 5, null)))
                .hasValueSatisfying(
                        alert -> assertThat(alert.signature()).endsWith("failing_sync-sint:syt_1"));
    }

    @Test
    void tellsHowToMendRefusedCredentials() {
        assertThat(BackfillAlerts.of(failed("The vendor answered 401 Unauthorized", null), CHARGE))
                .hasValueSatisfying(
                        alert -> assertThat(alert.message()).contains("backfill reset svi_1"));
        assertThat(BackfillAlerts.of(failed("The vendor answered 404", null), CHARGE))
                .hasValueSatisfying(
                        alert -> assertThat(alert.message()).doesNotContain("backfill reset"));
        assertThat(BackfillAlerts.of(progress(State.RUNNING, null, null), CHARGE)).isEmpty();
    }

    @Test
    void tellsWhatWasAskedAndAnswered() {
        Alert refused =
                BackfillAlerts.of(
                                failed(
                                        "The API answered 401: revoked.",
                                        new Request(
                                                "GET",
                                                "https://api.example.org/charges",
                                                401,
                                                "{\"error\":\"revoked\"}")),
                                CHARGE)
                        .orElseThrow();
        assertThat(refused.kind().errorType()).isEqualTo("error_generic_backfill");
        assertThat(refused.details())
                .containsEntry("friendly_name", "Stripe Charge")
                .containsEntry("service_name", "stripe_charge_v1")
                .containsEntry("opaque_id", "svi_1")
                .containsEntry("request_method", "GET")
                .containsEntry("request_url", "https://api.example.org/charges")
                .containsEntry("response_status", 401)
                .containsEntry("response_body", "{\"error\":\"revoked\"}");

        Alert unanswered =
                BackfillAlerts.of(
                                failed(
                                        "api.example.org cannot be found.",
                                        new Request("GET", "https://api.example.org/x", 0, null)),
                                CHARGE)
                        .orElseThrow();
        assertThat(unanswered.details())
                .containsEntry("request_method", "<unknown>")
                .containsEntry("request_url", "<unknown>")
                .containsEntry("response_status", 0)
                .containsEntry("response_body", "api.example.org cannot be found.");
    }

    private static BackfillProgress failed(String failure, Request request) {
        return progress(State.FAILED, failure, request);
    }

    private static BackfillProgress progress(State state, String failure, Request request) {
        return new BackfillProgress(
                1,
                "svi_1",
                "bfj_1",
                state,
                1,
                2,
                -1,
                0,
                null,
                null,
                "2026-01-31T10:00:00Z",
                failure,
                request);
    }

    private static Traffic traffic(long received, long rejected, long dead) {
        return new Traffic(1, "svi_1", "stripe_charge_v1", received, rejected, dead);
    }
}
