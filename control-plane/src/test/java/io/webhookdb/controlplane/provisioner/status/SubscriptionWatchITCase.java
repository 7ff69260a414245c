package io.webhookdb.controlplane.provisioner.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingControlTopic;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.controlplane.database.ApplicationDatabase;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.schemas.control.SubscriptionControl.Delivery;
import io.webhookdb.schemas.status.DeliveryAttempt;
import io.webhookdb.schemas.status.DeliveryAttempt.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class SubscriptionWatchITCase {
    private static final Instant NOW = Instant.now();
    private static final Duration LONG = SubscriptionWatch.PATIENCE.plusHours(1);

    private final TestingSystem system;
    private final ApplicationDatabase database;

    SubscriptionWatchITCase(TestingSystem system) {
        this.system = system;
        this.database = ApplicationDatabase.open(system.application(), 2);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void pausesWhatAnswersGoneAndTellsTheAdminOnce() {
        TestingTenant tenant = tenant("gone@example.org");
        String subscription = subscribe(tenant);

        TestingReports.send(
                system.bootstrap(),
                attempt(tenant, subscription, NOW, Outcome.GONE),
                attempt(tenant, subscription, NOW, Outcome.GONE));

        await().atMost(Duration.ofSeconds(20))
                .until(() -> delivery(subscription) == Delivery.PAUSE);
        assertThat(mailed(tenant)).containsExactly("gone@example.org");
        assertThat(status(tenant)).isEqualTo("deactivated");
    }

    @Test
    void pausesWhatFailsForDaysAndNotWhatSucceededInBetween() {
        TestingTenant tenant = tenant("failing@example.org");
        String failing = subscribe(tenant);
        String mended = subscribe(tenant);
        String idle = subscribe(tenant);

        for (String subscription : List.of(failing, mended, idle)) {
            TestingReports.send(
                    system.bootstrap(),
                    attempt(tenant, subscription, NOW.minus(LONG), Outcome.TIMED_OUT));
        }
        TestingReports.send(
                system.bootstrap(),
                attempt(tenant, mended, NOW.minus(Duration.ofDays(1)), Outcome.DELIVERED),
                attempt(tenant, mended, NOW, Outcome.REJECTED),
                attempt(tenant, failing, NOW, Outcome.UNREACHABLE));

        await().atMost(Duration.ofSeconds(20)).until(() -> delivery(failing) == Delivery.PAUSE);
        assertThat(delivery(mended)).isEqualTo(Delivery.SEND);
        assertThat(delivery(idle)).isEqualTo(Delivery.SEND);
    }

    private Delivery delivery(String subscription) {
        return ((SubscriptionControl)
                        TestingControlTopic.newest(
                                        system.bootstrap(), "subscription/" + subscription)
                                .orElseThrow())
                .delivery();
    }

    private List<String> mailed(TestingTenant tenant) {
        return database.jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery(
                                                "SELECT address FROM alert_outbox o JOIN alerts a"
                                                    + " ON a.id = o.alert_id WHERE organization_id"
                                                    + " = ? AND channel = 'mail'")
                                        .bind(0, tenant.organization())
                                        .mapTo(String.class)
                                        .list());
    }

    private static String status(TestingTenant tenant) {
        return tenant.client()
                .get("/v1/organizations/" + tenant.organization() + "/webhook_subscriptions")
                .body()
                .at("/items/0/status")
                .asText();
    }

    private static String subscribe(TestingTenant tenant) {
        return tenant.client()
                .post(
                        "/v1/organizations/"
                                + tenant.organization()
                                + "/webhook_subscriptions/create",
                        Map.of(
                                "service_integration_identifier",
                                tenant.integration(),
                                "url",
                                "http://127.0.0.1:9/hook",
                                "webhook_secret",
                                "secret"))
                .body()
                .path("opaque_id")
                .asText();
    }

    private TestingTenant tenant(String email) {
        return TestingTenant.of(system, email, "stripe_customer_v1");
    }

    private static DeliveryAttempt attempt(
            TestingTenant tenant, String subscription, Instant at, Outcome outcome) {
        return new DeliveryAttempt(
                subscription,
                tenant.organization(),
                tenant.integration(),
                "msg_1",
                1,
                at.toString(),
                5,
                outcome == Outcome.GONE ? 410 : 0,
                outcome,
                null,
                false,
                null,
                null);
    }
}
