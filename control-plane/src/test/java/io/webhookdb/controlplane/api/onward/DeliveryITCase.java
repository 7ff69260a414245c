package io.webhookdb.controlplane.api.onward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingControlTopic;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.controlplane.provisioner.status.TestingReports;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.RecoveryControl;
import io.webhookdb.schemas.status.BackfillProgress;
import io.webhookdb.schemas.status.DeliveryAttempt;
import io.webhookdb.schemas.status.DeliveryAttempt.Outcome;
import io.webhookdb.schemas.status.RecoveryProgress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class DeliveryITCase {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private final TestingSystem system;

    DeliveryITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void listsEachAttemptOnceAndWhatWasMissedAsRanges() {
        TestingTenant tenant = tenant("deliveries@example.org");
        String id = subscribe(tenant);
        Instant longAgo = NOW.minus(Duration.ofHours(5));

        TestingReports.send(
                system.bootstrap(),
                attempt(tenant, id, "c1", 1, NOW, Outcome.REJECTED, NOW, NOW.plusSeconds(5)),
                attempt(tenant, id, "c1", 1, NOW, Outcome.REJECTED, NOW, NOW.plusSeconds(5)),
                attempt(tenant, id, "c1", 2, NOW.plusSeconds(5), Outcome.DELIVERED, NOW, null),
                attempt(tenant, id, "c2", 8, NOW, Outcome.TIMED_OUT, longAgo, null),
                attempt(tenant, id, "c3", 1, NOW, Outcome.OVERFLOWN, longAgo.plusSeconds(9), null),
                attempt(tenant, id, "c4", 1, NOW, Outcome.OVERFLOWN, NOW, null),
                attempt(tenant, id, "c5", 8, NOW, Outcome.TIMED_OUT, NOW, null),
                attempt(tenant, id, "c6", 1, NOW, Outcome.GONE, NOW, null),
                attempt(tenant, id, "c5", 1, NOW.plusMillis(1), Outcome.DELIVERED, NOW, null));

        await().until(() -> list(tenant, "?subscription=" + id).path("items").size() == 8);
        JsonNode newest = list(tenant, "?subscription=" + id + "&limit=1").at("/items/0");
        assertThat(newest.path("outcome").asText()).isEqualTo("delivered");
        assertThat(newest.path("answer").asText()).isEqualTo("said");
        JsonNode late = list(tenant, "?outcome=timed_out&limit=1").at("/items/0");
        assertThat(late.path("answer").isNull()).isTrue();
        assertThat(late.path("why").asText()).isEqualTo("said");
        JsonNode missed = list(tenant, "/missed").path("items");
        assertThat(missed).hasSize(2);
        assertThat(missed.at("/0/deliveries").asInt()).isEqualTo(2);
        assertThat(missed.at("/1/deliveries").asInt()).isEqualTo(2);
        assertThat(missed.at("/1/first").asText()).isEqualTo(longAgo.toString());
        assertThat(list(tenant("nosy@example.org"), "").path("items")).isEmpty();
    }

    @Test
    void ordersARecoveryAndForgetsTheOrderWhenItIsDone() {
        TestingTenant tenant = tenant("recover@example.org");
        String id = subscribe(tenant);

        Answer answer =
                tenant.client()
                        .post(
                                base(tenant) + "/webhook_subscriptions/" + id + "/recover",
                                Map.of("since", "6h"));

        assertThat(answer.status()).isEqualTo(200);
        RecoveryControl order = recovery(id);
        assertThat(Duration.ofMillis(order.beforeMillis() - order.afterMillis()))
                .isEqualTo(Duration.ofHours(6));
        assertThat(order.change()).isNull();

        TestingReports.send(
                system.bootstrap(),
                new RecoveryProgress(
                        tenant.organization(),
                        order.id(),
                        id,
                        BackfillProgress.State.FINISHED,
                        10,
                        9,
                        NOW.toString(),
                        null));

        await().until(
                        () ->
                                TestingControlTopic.newest(system.bootstrap(), order.key())
                                                .map(RecoveryControl.class::cast)
                                                .orElseThrow()
                                                .state()
                                        == State.DELETED);
        assertThat(list(tenant, "/recoveries").at("/items/0/sent").asInt()).isEqualTo(9);
    }

    @Test
    void redeliversTheChangeOfAnAttempt() {
        TestingTenant tenant = tenant("redeliver@example.org");
        String id = subscribe(tenant);
        TestingReports.send(
                system.bootstrap(),
                attempt(tenant, id, "c9", 1, NOW, Outcome.REJECTED, NOW.minusMillis(5), null));
        await().until(() -> list(tenant, "").path("items").size() == 1);
        String attempt = list(tenant, "").at("/items/0/id").asText();
        String path = base(tenant) + "/webhook_deliveries/" + attempt + "/redeliver";

        assertThat(tenant("nosy2@example.org").client().post(path).status()).isEqualTo(403);
        assertThat(tenant.client().post(path).status()).isEqualTo(200);

        RecoveryControl order = recovery(id);
        assertThat(order.change()).isEqualTo("c9");
        assertThat(order.afterMillis()).isEqualTo(NOW.minusMillis(5).toEpochMilli());
        assertThat(order.beforeMillis()).isEqualTo(order.afterMillis() + 1);
    }

    private RecoveryControl recovery(String subscription) {
        return TestingControlTopic.all(system.bootstrap()).stream()
                .filter(RecoveryControl.class::isInstance)
                .map(RecoveryControl.class::cast)
                .filter(order -> order.subscription().equals(subscription))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode list(TestingTenant tenant, String more) {
        return tenant.client().get(base(tenant) + "/webhook_deliveries" + more).body();
    }

    private String subscribe(TestingTenant tenant) {
        return tenant.client()
                .post(
                        base(tenant) + "/webhook_subscriptions/create",
                        Map.of(
                                "service_integration_identifier", "org",
                                "url", "https://1.1.1.1/x",
                                "webhook_secret", "s3cret"))
                .body()
                .path("opaque_id")
                .asText();
    }

    private static DeliveryAttempt attempt(
            TestingTenant tenant,
            String subscription,
            String delivery,
            int number,
            Instant at,
            Outcome outcome,
            Instant changedAt,
            Instant next) {
        return new DeliveryAttempt(
                subscription,
                tenant.organization(),
                tenant.integration(),
                delivery,
                number,
                at.toString(),
                12,
                outcome == Outcome.TIMED_OUT ? 0 : 500,
                outcome,
                next == null ? null : next.toString(),
                false,
                changedAt.toString(),
                "said");
    }

    private TestingTenant tenant(String email) {
        return TestingTenant.of(system, email, "stripe_customer_v1");
    }

    private static String base(TestingTenant tenant) {
        return "/v1/organizations/" + tenant.organization();
    }
}
