package io.webhookdb.controlplane.api.organizations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class SettingsITCase {
    private final TestingSystem system;

    SettingsITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void changesTheNameAndKeepsTheKey() {
        TestingClient client = system.login("s1@example.org");
        String path = path(client);
        Answer renamed =
                client.post(path + "/update", Map.of("field", "name", "value", "S1 Renamed\n"));

        assertThat(renamed.status()).isEqualTo(200);
        assertThat(renamed.body().path("id").isIntegralNumber()).isTrue();
        assertThat(renamed.body().path("name").asText()).isEqualTo("S1 Renamed");
        assertThat(renamed.body().path("key").asText()).isEqualTo("s1_example_org_org");
        assertThat(renamed.message()).contains("S1 Renamed");
        assertThat(client.get(path).body().path("name").asText()).isEqualTo("S1 Renamed");
    }

    @Test
    void asksForTheNewName() {
        TestingClient client = system.login("s2@example.org");
        Answer asked = client.post(path(client) + "/rename");
        assertThat(asked.status()).isEqualTo(422);
        assertThat(asked.header("Whdb-Prompt")).isEqualTo("name");

        assertThat(client.reply(asked, "S2 Renamed").body().path("name").asText())
                .isEqualTo("S2 Renamed");
    }

    @Test
    void refusesNamesThatAreTakenBlankOrTooLong() {
        TestingClient client = system.login("s3@example.org");
        system.login("s3-other@example.org");
        String path = path(client);

        for (String name : new String[] {"s3-other@example.org Org", " \n", "x".repeat(201)}) {
            Answer refused = client.post(path + "/update", Map.of("field", "name", "value", name));
            assertThat(refused.status()).as(name).isEqualTo(400);
            assertThat(refused.body().at("/error/field_errors/value").isArray()).isTrue();
        }
        Answer taken = client.post(path + "/rename", Map.of("name", "s3-other@example.org Org"));
        assertThat(taken.body().at("/error/field_errors/name").isArray()).isTrue();
        assertThat(client.get(path).body().path("name").asText()).isEqualTo("s3@example.org Org");
    }

    @Test
    void changesTheBillingAddress() throws Exception {
        TestingClient client = system.login("s4@example.org");
        String path = path(client);
        Answer changed =
                client.post(
                        path + "/update",
                        Map.of("field", "billing_email", "value", "Bills@Example.org\n"));

        assertThat(changed.status()).isEqualTo(200);
        assertThat(stored("billing_email", "s4_example_org_org")).isEqualTo("bills@example.org");
        assertThat(
                        client.post(
                                        path + "/update",
                                        Map.of("field", "billing_email", "value", "nobody"))
                                .status())
                .isEqualTo(400);
        assertThat(
                        client.post(path + "/update", Map.of("field", "billing_email", "value", ""))
                                .status())
                .isEqualTo(200);
        assertThat(stored("billing_email", "s4_example_org_org")).isEmpty();
    }

    @Test
    void refusesFieldsThatAreNotEditable() throws Exception {
        TestingClient client = system.login("s5@example.org");
        String path = path(client);

        for (String field : new String[] {"key", "state", "max_query_rows", "name = 'x' --"}) {
            Answer refused = client.post(path + "/update", Map.of("field", field, "value", "1"));
            assertThat(refused.status()).as(field).isEqualTo(403);
            assertThat(refused.message()).contains("name, billing_email");
        }
        assertThat(client.post(path + "/update", Map.of("value", "1")).status()).isEqualTo(400);
        assertThat(client.post(path + "/update", Map.of("field", "name")).status()).isEqualTo(400);
    }

    @Test
    void notesTheWishToBeClosedAndDeletesNothing() throws Exception {
        TestingClient client = system.login("s6@example.org");
        String path = path(client);
        Answer closed = client.post(path + "/close", Map.of());

        assertThat(closed.status()).isEqualTo(200);
        JsonNode step = closed.body();
        assertThat(step.size()).isEqualTo(11);
        assertThat(step.path("complete").asBoolean()).isTrue();
        assertThat(step.path("needs_input").asBoolean()).isFalse();
        assertThat(step.path("error_code").asText()).isEmpty();
        assertThat(step.path("output").asText()).contains("noted");
        String first = stored("closing_requested_at", "s6_example_org_org");
        assertThat(first).isNotNull();
        assertThat(client.post(path + "/close").status()).isEqualTo(200);
        assertThat(stored("closing_requested_at", "s6_example_org_org")).isEqualTo(first);
        assertThat(stored("state", "s6_example_org_org")).isEqualTo("active");
        assertThat(client.get(path).status()).isEqualTo(200);
    }

    private static String path(TestingClient client) {
        return "/v1/organizations/"
                + client.get("/v1/me").body().at("/default_organization/id").asLong();
    }

    private String stored(String column, String key) throws SQLException {
        try (Connection connection = TestingSystem.connect(system.application());
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT "
                                        + column
                                        + " FROM organizations WHERE key = '"
                                        + key
                                        + "'")) {
            row.next();
            return row.getString(1);
        }
    }
}
