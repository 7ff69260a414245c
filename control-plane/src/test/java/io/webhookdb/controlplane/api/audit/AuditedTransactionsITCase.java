package io.webhookdb.controlplane.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An act and its entry are one. */
@ExtendWith(SharedControlPlane.class)
class AuditedTransactionsITCase {
    private final TestingSystem system;

    AuditedTransactionsITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void undoesWhatCannotBeNoted() throws SQLException {
        TestingTenant tenant =
                TestingTenant.of(
                        system, "undo-" + UUID.randomUUID() + "@example.org", "shopify_order_v1");
        String organization = "/v1/organizations/" + tenant.organization();
        TestingClient client = tenant.client();
        execute(
                "ALTER TABLE audit_log ADD CONSTRAINT refused CHECK (organization_id <> "
                        + tenant.organization()
                        + " OR action NOT IN ('invite', 'db.connection')) NOT VALID");
        try {
            Answer invited = client.post(organization + "/invite", Map.of("email", "no@x.org"));
            assertThat(invited.status()).isEqualTo(500);
            assertThat(client.get(organization + "/members").text()).doesNotContain("no@x.org");
            Answer connection = client.get("/v1/db/" + tenant.organization() + "/connection");
            assertThat(connection.status()).isEqualTo(500);
            assertThat(connection.text()).doesNotContain("postgres://");
        } finally {
            execute("ALTER TABLE audit_log DROP CONSTRAINT refused");
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = TestingSystem.connect(system.application());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
