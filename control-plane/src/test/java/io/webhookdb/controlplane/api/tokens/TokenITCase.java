package io.webhookdb.controlplane.api.tokens;

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

@ExtendWith(SharedControlPlane.class)
class TokenITCase {
    private final TestingSystem system;
    private final TestingTenant tenant;
    private final String organization;

    TokenITCase(TestingSystem system) {
        this.system = system;
        this.tenant =
                TestingTenant.of(
                        system, "tokens-" + UUID.randomUUID() + "@example.org", "shopify_order_v1");
        this.organization = "/v1/organizations/" + tenant.organization();
    }

    @Test
    void letsAReaderReadAndNothingElse() {
        TestingClient reader = bearer(token("read"));

        assertThat(reader.get(organization + "/service_integrations").status()).isEqualTo(200);
        assertThat(sql(reader).status()).isEqualTo(200);
        Answer connection = reader.get("/v1/db/" + tenant.organization() + "/connection");
        assertThat(connection.status()).isEqualTo(403);
        assertThat(connection.message()).contains("scope read").contains("needs write");
        assertThat(create(reader).status()).isEqualTo(403);
        assertThat(reader.get(organization + "/audit_log").status()).isEqualTo(403);
        assertThat(reader.get(organization + "/api_tokens").status()).isEqualTo(403);
        assertThat(reader.get("/v1/me").status()).isEqualTo(403);
    }

    @Test
    void letsAWriterWriteButNotDecideWhatComesIn() {
        TestingClient writer = bearer(token("write"));

        assertThat(writer.get("/v1/db/" + tenant.organization() + "/connection").status())
                .isEqualTo(200);
        assertThat(saveQuery(writer).status()).isEqualTo(200);
        assertThat(create(writer).status()).isEqualTo(403);
    }

    @Test
    void letsAnIngestAdminCreateIntegrationsButNotTokens() {
        TestingClient admin = bearer(token("ingest-admin"));

        assertThat(create(admin).status()).isLessThan(400);
        assertThat(
                        admin.post(
                                        organization + "/api_tokens",
                                        Map.of("name", "more", "scope", "read"))
                                .status())
                .isEqualTo(403);
        assertThat(admin.post(organization + "/invite", Map.of("email", "x@example.org")).status())
                .isEqualTo(403);
    }

    @Test
    void isTakenFromTheHeaderOfSessionsToo() {
        TestingClient client = system.client().with("Whdb-Auth-Token", token("read"));

        assertThat(client.get("/v1/organizations/-/service_integrations").status()).isEqualTo(200);
        assertThat(client.get(organization + "/service_integrations").status()).isEqualTo(200);
        assertThat(sql(client).status()).isEqualTo(200);
    }

    @Test
    void reachesNoOtherOrganizationOfItsCreator() {
        TestingClient client = bearer(token("ingest-admin"));
        long other =
                tenant.client()
                        .post("/v1/organizations/create", Map.of("name", "O" + UUID.randomUUID()))
                        .body()
                        .path("id")
                        .asLong();

        assertThat(tenant.client().get("/v1/organizations/" + other).status()).isEqualTo(200);
        assertThat(client.get("/v1/organizations/" + other).status()).isEqualTo(403);
    }

    @Test
    void endsWhenRevoked() {
        Answer made = make("read");
        String text = made.body().path("token").asText();
        assertThat(sql(bearer(text)).status()).isEqualTo(200);

        Answer revoked =
                tenant.client()
                        .post(
                                organization
                                        + "/api_tokens/"
                                        + made.body().path("opaque_id").asText()
                                        + "/revoke");

        assertThat(revoked.status()).isEqualTo(200);
        assertThat(sql(bearer(text)).status()).isEqualTo(401);
        assertThat(tenant.client().get(organization + "/api_tokens").body().path("total_count"))
                .hasToString("0");
    }

    @Test
    void endsWhenItExpires() throws SQLException {
        Answer made =
                tenant.client()
                        .post(
                                organization + "/api_tokens",
                                Map.of("name", "soon", "scope", "read", "expires_in_days", 1));
        String text = made.body().path("token").asText();
        assertThat(sql(bearer(text)).status()).isEqualTo(200);

        execute(
                "UPDATE api_tokens SET expires_at = now() WHERE opaque_id = '"
                        + made.body().path("opaque_id").asText()
                        + "'");

        assertThat(sql(bearer(text)).status()).isEqualTo(401);
    }

    @Test
    void endsWithTheMembershipOfItsCreator() {
        String email = "leaves-" + UUID.randomUUID() + "@example.org";
        TestingClient leaver = system.login(email);
        Answer invited =
                tenant.client()
                        .post(
                                organization + "/invite",
                                Map.of("email", email, "role_name", "admin"));
        String code = invited.message().replaceAll("(?s).*(join-[0-9a-f]{8}).*", "$1");
        assertThat(leaver.post("/v1/organizations/join", Map.of("invitation_code", code)).status())
                .isEqualTo(200);
        String text =
                leaver.post(organization + "/api_tokens", Map.of("name", "t", "scope", "read"))
                        .body()
                        .path("token")
                        .asText();
        assertThat(sql(bearer(text)).status()).isEqualTo(200);

        tenant.client().post(organization + "/remove_member", Map.of("email", email));

        assertThat(sql(bearer(text)).status()).isEqualTo(403);
    }

    @Test
    void showsWhoMadeItAndWhenItWasUsed() {
        token("read");
        String used = token("write");
        sql(bearer(used));

        Answer list = tenant.client().get(organization + "/api_tokens");

        assertThat(list.body().at("/items/0/last_used_at").asText()).isEmpty();
        assertThat(list.body().at("/items/1/last_used_at").asText()).endsWith("Z");
        assertThat(list.body().at("/items/1/scope").asText()).isEqualTo("write");
        assertThat(list.body().at("/items/1/created_by").asText()).startsWith("tokens-");
        assertThat(list.text()).doesNotContain(used.substring(used.length() - 43));
    }

    @Test
    void isRefusedWhereItIsWrong() {
        String right = token("read");
        String wrong = right.substring(0, right.length() - 43) + "A".repeat(43);

        for (String text : new String[] {wrong, "whdb_", "whdb_x_y", right + "x", ""}) {
            assertThat(sql(bearer(text)).status()).as(text).isEqualTo(401);
        }
    }

    @Test
    void asksForNameAndScope() {
        Answer asked = tenant.client().post(organization + "/api_tokens");
        assertThat(asked.status()).isEqualTo(422);
        Answer scope = tenant.client().reply(asked, "ci");
        assertThat(scope.step().path("prompt").asText()).contains("read, write, ingest-admin");
        assertThat(tenant.client().reply(scope, "all").status()).isEqualTo(400);
        assertThat(tenant.client().reply(scope, "read").status()).isEqualTo(200);
    }

    private String token(String scope) {
        return make(scope).body().path("token").asText();
    }

    private Answer make(String scope) {
        Answer made =
                tenant.client()
                        .post(
                                organization + "/api_tokens",
                                Map.of("name", "ci " + scope, "scope", scope));
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        return made;
    }

    private TestingClient bearer(String token) {
        return system.client().with("Authorization", "Bearer " + token);
    }

    private Answer sql(TestingClient client) {
        return client.post("/v1/db/" + tenant.organization() + "/sql", Map.of("query", "select 1"));
    }

    private Answer saveQuery(TestingClient client) {
        return client.post(
                organization + "/saved_queries/create",
                Map.of("description", "one", "sql", "select 1"));
    }

    private Answer create(TestingClient client) {
        return client.post(
                organization + "/service_integrations/create",
                Map.of("service_name", "shopify_order_v1", "guard_confirm", ""));
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = TestingSystem.connect(system.application());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
