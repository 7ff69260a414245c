package io.webhookdb.controlplane.api.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class SubscriptionITCase {
    private final TestingSystem system;
    private final TestingTenant tenant;

    SubscriptionITCase(TestingSystem system) {
        this.system = system;
        this.tenant = TestingTenant.of(system, "plan@example.org", "stripe_charge_v1");
    }

    @Test
    void showsWhatIsUsedOfAnUnlimitedPlan() {
        JsonNode info = get("").body();

        assertThat(info.path("organization_key").asText()).isEqualTo("plan_example_org_org");
        assertThat(info.path("organization_formatted").asText())
                .isEqualTo("plan@example.org Org (plan_example_org_org)");
        assertThat(info.path("billing_email").asText()).isEqualTo("plan@example.org");
        assertThat(info.path("plan_name").asText()).isEqualTo("Unlimited");
        assertThat(info.path("integrations_used").asLong()).isPositive();
        assertThat(info.path("integrations_used_formatted").asText())
                .isEqualTo(info.path("integrations_used").asText());
        assertThat(info.path("integrations_remaining").isIntegralNumber()).isTrue();
        assertThat(info.path("integrations_remaining_formatted").asText()).isEqualTo("unlimited");
        assertThat(info.path("message").asText()).isEmpty();
        assertThat(info.path("display_headers").toString())
                .isEqualTo(
                        "[[\"organization_formatted\",\"Organization\"],[\"billing_email\",\"Billing"
                            + " email\"],[\"plan_name\",\"Plan"
                            + " name\"],[\"integrations_used_formatted\",\"Integrations"
                            + " used\"],[\"integrations_remaining_formatted\",\"Integrations"
                            + " left\"],[\"sub_status\",\"Status\"]]");
    }

    @Test
    void hasNoPlansAndNoPortal() {
        JsonNode plans = get("/plans").body();
        assertThat(plans.path("items").isArray()).isTrue();
        assertThat(plans.path("items")).isEmpty();
        assertThat(plans.at("/display_headers/2/0").asText()).isEqualTo("price_formatted");

        Answer portal =
                tenant.client().post(path("/open_portal"), Map.of("identifier", "x", "plan", ""));
        assertThat(portal.status()).isEqualTo(409);
        assertThat(portal.code()).isEqualTo("billing_disabled");
        assertThat(portal.message()).contains("no billing account");
    }

    @Test
    void isForMembers() {
        for (String path : List.of("", "/plans")) {
            assertThat(system.login("plan-other@example.org").get(path(path)).status())
                    .isEqualTo(403);
            assertThat(system.client().get(path(path)).status()).isEqualTo(401);
        }
        assertThat(system.client().post(path("/open_portal")).status()).isEqualTo(401);
    }

    private Answer get(String path) {
        return tenant.client().get(path(path));
    }

    private String path(String path) {
        return "/v1/organizations/" + tenant.organization() + "/subscriptions" + path;
    }
}
