package io.webhookdb.controlplane.provisioner.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class RegistrationITCase {
    private final TestingSystem system;

    RegistrationITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void registersWebhooksWithTheStoredCredentialsAndStoresTheirSecret() throws Exception {
        try (TestingHooks vendor = new TestingHooks()) {
            system.apiBase("stripe", vendor.url());
            TestingTenant tenant =
                    TestingTenant.of(system, "register@example.org", "stripe_charge_v1");
            String path = tenant.path();
            Answer early = tenant.client().post(path + "/register");
            assertThat(early.code()).isEqualTo("backfill_not_set_up");

            tenant.client().reply(tenant.client().post(path + "/backfill"), "rk_live_1");
            Answer made = tenant.client().post(path + "/register");
            assertThat(made.status()).as(made.text()).isEqualTo(200);
            assertThat(made.body().path("message").asText())
                    .contains("Stripe now sends", "charge.succeeded", tenant.integration());
            assertThat(vendor.hooks()).hasSize(1);
            assertThat(tenant.client().post(path + "/info").text())
                    .contains(vendor.hooks().get(0).path("secret").asText());

            assertThat(tenant.client().post(path + "/register").body().path("message").asText())
                    .contains("Stripe already sends");
            assertThat(vendor.hooks()).hasSize(1);

            makesItAnewOnceTheVendorHasDroppedIt(vendor, tenant);
            tellsTheAdminsIfThatIsRefused(vendor, tenant);
        }
    }

    private void makesItAnewOnceTheVendorHasDroppedIt(TestingHooks vendor, TestingTenant tenant)
            throws SQLException {
        vendor.forget();
        lookAgain(tenant);
        await().atMost(Duration.ofSeconds(20)).until(() -> vendor.hooks().size() == 1);
    }

    private void tellsTheAdminsIfThatIsRefused(TestingHooks vendor, TestingTenant tenant)
            throws SQLException {
        vendor.refuse(401);
        lookAgain(tenant);
        await().atMost(Duration.ofSeconds(40))
                .until(
                        () ->
                                system.printed()
                                        .contains(
                                                "alert for register@example.org: Webhooks of"
                                                        + " stripe_charge_v1 are not registered any"
                                                        + " more"));
    }

    private void lookAgain(TestingTenant tenant) throws SQLException {
        try (Connection connection = TestingSystem.connect(system.application());
                PreparedStatement due =
                        connection.prepareStatement(
                                "UPDATE vendor_registrations SET check_at = now() WHERE"
                                        + " integration_id = (SELECT id FROM integrations WHERE"
                                        + " opaque_id = ?)")) {
            due.setString(1, tenant.integration());
            assertThat(due.executeUpdate()).isEqualTo(1);
        }
    }
}
