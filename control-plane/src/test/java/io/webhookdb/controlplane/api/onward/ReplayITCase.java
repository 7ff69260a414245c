package io.webhookdb.controlplane.api.onward;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingControlTopic;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.schemas.control.ReplayControl;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class ReplayITCase {
    private final TestingSystem system;

    ReplayITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void saysHowManyRequestsThereAre() throws Exception {
        TestingTenant tenant =
                TestingTenant.of(system, "replay-count@example.org", "stripe_customer_v1");
        String path = "/v1/organizations/" + tenant.organization() + "/replay";
        assertThat(tenant.client().post(path, Map.of()).message()).contains("about 0 requests,");
        try (var connection = TestingSystem.connect(system.application());
                var statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO integration_minutes (integration, minute, received, rejected)"
                            + " SELECT '"
                            + tenant.integration()
                            + "', date_trunc('minute', now()) - make_interval(mins => m), 2, 1"
                            + " FROM unnest(array[10, 20, 100]) m");
        }

        assertThat(tenant.client().post(path, Map.of()).message()).contains("about 6 requests,");
        assertThat(tenant.client().post(path, Map.of("hours", 2)).message())
                .contains("about 9 requests,");
        assertThat(
                        tenant.client()
                                .post(
                                        path,
                                        Map.of(
                                                "requests",
                                                "rejected",
                                                "service_integration_identifier",
                                                tenant.integration()))
                                .message())
                .contains("about 2 requests,");
    }

    @Test
    void ordersTheWindowOfOneIntegrationOrOfAll() {
        TestingTenant tenant = TestingTenant.of(system, "replay@example.org", "stripe_customer_v1");
        String path = "/v1/organizations/" + tenant.organization() + "/replay";
        Answer all = tenant.client().post(path, Map.of());
        assertThat(all.status()).as(all.text()).isEqualTo(200);
        assertThat(all.message()).contains("processed again");
        tenant.client()
                .post(path, Map.of("service_integration_identifier", tenant.table(), "hours", 2));

        List<ReplayControl> orders =
                TestingControlTopic.of(
                        system.bootstrap(),
                        ReplayControl.class,
                        ReplayControl::organization,
                        tenant.organization());
        assertThat(orders)
                .extracting(ReplayControl::integration)
                .containsExactly(null, tenant.integration());
        assertThat(orders)
                .extracting(order -> order.beforeMicros() - order.afterMicros())
                .containsExactly(3_600_000_000L, 7_200_000_000L);

        for (Map<String, Object> wrong :
                List.<Map<String, Object>>of(
                        Map.of("hours", 5),
                        Map.of("hours", 0),
                        Map.of("hours", "many"),
                        Map.of("before", "2020-01-01T00:00:00Z"),
                        Map.of("after", "2020-01-01T00:00:00Z"),
                        Map.of("before", "soon"))) {
            Answer refused = tenant.client().post(path, wrong);
            assertThat(refused.status()).as(wrong.toString()).isEqualTo(400);
            assertThat(refused.code()).isEqualTo("validation_error");
        }
        assertThat(
                        tenant.client()
                                .post(path, Map.of("service_integration_identifier", "svi_none"))
                                .status())
                .isEqualTo(403);
    }
}
