package io.webhookdb.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.security.connection.PostgresUrl;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainPathITCase {
    @TempDir static Path keysets;

    @Test
    void leadsFromAnAddressToATableOneCanQuery() throws Exception {
        try (TestingSystem system = TestingSystem.start(keysets.resolve("k"))) {
            TestingClient client = system.client();
            Answer prompt = client.post("/v1/auth", Map.of("email", "", "token", ""));
            assertThat(prompt.status()).isEqualTo(422);
            assertThat(prompt.header("Whdb-Prompt")).isEqualTo("email");
            Answer asked = client.reply(prompt, "Ada@Example.org");
            assertThat(asked.status()).isEqualTo(202);
            Answer done = client.reply(asked, system.code("ada@example.org"));
            assertThat(done.step().path("complete").asBoolean()).isTrue();
            client.adoptSession(done);
            JsonNode organization = done.body().at("/extras/current_customer/default_organization");
            long id = organization.path("id").asLong();
            assertThat(organization.path("key").asText()).isEqualTo("ada_example_org_org");

            String path = "/v1/organizations/" + id + "/service_integrations";
            Answer created =
                    client.post(path + "/create", Map.of("service_name", "stripe_customer_v1"));
            assertThat(created.status()).isEqualTo(200);
            Answer complete = client.reply(created, "whsec_verysecret");
            assertThat(complete.step().path("complete").asBoolean()).isTrue();
            JsonNode integration = client.get(path).body().at("/items/0");
            String table = integration.path("table_name").asText();
            String opaque = integration.path("opaque_id").asText();

            List<ControlRecord> records = TestingControlTopic.entities(system.bootstrap());
            OrganizationControl org = (OrganizationControl) records.get(0);
            DefinitionControl definition = (DefinitionControl) records.get(1);
            IntegrationControl first = (IntegrationControl) records.get(2);
            IntegrationControl second = (IntegrationControl) records.get(3);
            assertThat(org.id()).isEqualTo(id);
            assertThat(first.id()).isEqualTo(opaque);
            assertThat(first.webhookSecretCiphertext()).isNull();
            assertThat(second.revision()).isGreaterThan(first.revision());
            assertThat(second.definition()).isEqualTo(definition.hash());
            assertThat(definition.definition().hash()).isEqualTo(definition.hash());
            assertThat(
                            system.keysets()
                                    .ingest()
                                    .decrypt(
                                            second.webhookSecretCiphertext(),
                                            IntegrationControl.webhookSecretContext(opaque)))
                    .isEqualTo("whsec_verysecret");

            OrganizationControl.Database database = org.database();
            String password =
                    system.keysets()
                            .connectionsOpener()
                            .open(
                                    database.passwordCiphertext(),
                                    OrganizationControl.ownerPasswordContext(id));
            PostgresUrl owner =
                    new PostgresUrl(
                            database.host(),
                            database.port(),
                            database.name(),
                            database.user(),
                            password);
            try (Connection connection = TestingSystem.connect(owner);
                    Statement statement = connection.createStatement()) {
                statement.execute(
                        "INSERT INTO public."
                                + table
                                + " (stripe_id, _version, _synced_at, data) VALUES ('cus_1', '',"
                                + " now(), '{\"a\": [1.50]}')");
            }
            String url =
                    client.get("/v1/db/" + id + "/connection")
                            .body()
                            .path("connection_url")
                            .asText();
            try (Connection connection = TestingSystem.connect(PostgresUrl.parse(url));
                    Statement statement = connection.createStatement()) {
                assertThat(statement.executeQuery("SELECT * FROM " + table).next()).isTrue();
            }
            Answer rows =
                    client.post(
                            "/v1/db/" + id + "/sql",
                            Map.of("query", "SELECT stripe_id, data FROM " + table + "\n"));
            assertThat(rows.text())
                    .isEqualTo(
                            "{\"headers\":[\"stripe_id\",\"data\"],\"rows\":[[\"cus_1\",{\"a\":"
                                    + " [1.50]}]],\"max_rows_reached\":false}");
        }
    }
}
