package io.webhookdb.controlplane.api.integrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingControlTopic;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.provisioner.status.TestingReports;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.status.SecretLearned;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Secrets that vendors give in handshakes. */
@ExtendWith(SharedControlPlane.class)
class LearnedSecretITCase {
    private final TestingSystem system;

    LearnedSecretITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void storesTheFirstSecretWithinTheHourAndNoOther() throws Exception {
        TestingClient client = system.login("learned@example.org");
        long organization = client.get("/v1/me").body().at("/default_organization/id").asLong();
        String path = "/v1/organizations/" + organization + "/service_integrations";
        String late = created(client, path);
        String open = created(client, path);
        try (Connection connection = TestingSystem.connect(system.application());
                PreparedStatement ended =
                        connection.prepareStatement(
                                "UPDATE integrations SET secret_window_until = now() - interval '1"
                                        + " s' WHERE opaque_id = ? AND secret_window_until IS NOT"
                                        + " NULL")) {
            ended.setString(1, late);
            assertThat(ended.executeUpdate()).isOne();
        }

        TestingReports.send(system.bootstrap(), learned(organization, late, "too late"));
        TestingReports.send(system.bootstrap(), learned(organization + 1, open, "somebody else's"));
        TestingReports.send(system.bootstrap(), learned(organization, open, "first"));
        await().untilAsserted(() -> assertThat(secret(client, path, open)).isEqualTo("first"));
        TestingReports.send(system.bootstrap(), learned(organization, open, "second"));

        // Whoever sets the late one up again opens the time for it, and all before was read.
        client.post(path + "/" + late + "/setup");
        TestingReports.send(system.bootstrap(), learned(organization, late, "in time"));
        await().untilAsserted(() -> assertThat(secret(client, path, late)).isEqualTo("in time"));
        assertThat(secret(client, path, open)).isEqualTo("first");
        await().untilAsserted(
                        () ->
                                assertThat(
                                                ((IntegrationControl)
                                                                TestingControlTopic.newest(
                                                                                system.bootstrap(),
                                                                                IntegrationControl
                                                                                        .key(open))
                                                                        .orElseThrow())
                                                        .webhookSecretCiphertext())
                                        .isNotNull());
    }

    private static String created(TestingClient client, String path) {
        Answer created =
                client.post(
                        path + "/create",
                        Map.of("service_name", "asana_event_v1", "guard_confirm", "y"));
        String output = created.body().path("output").asText();
        assertThat(output).contains("Within the next hour", "now listening");
        return output.replaceAll("(?s).*service_integrations/(svi_[0-9a-z]+).*", "$1");
    }

    private static String secret(TestingClient client, String path, String integration) {
        return client.post(path + "/" + integration + "/info", Map.of("field", "webhook_secret"))
                .body()
                .at("/blocks/0/value")
                .asText();
    }

    private SecretLearned learned(long organization, String integration, String secret) {
        return new SecretLearned(
                organization,
                integration,
                system.keysets()
                        .ingest()
                        .encrypt(secret, IntegrationControl.webhookSecretContext(integration)));
    }
}
