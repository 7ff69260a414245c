package io.webhookdb.controlplane.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class AuditITCase {
    private final TestingSystem system;
    private final TestingTenant tenant;
    private final String email = "audit-" + UUID.randomUUID() + "@example.org";
    private final String organization;

    AuditITCase(TestingSystem system) {
        this.system = system;
        this.tenant = TestingTenant.of(system, email, "shopify_order_v1");
        this.organization = "/v1/organizations/" + tenant.organization();
    }

    @Test
    void tellsWhoDidWhatFromWhere() {
        tenant.client().post(organization + "/invite", Map.of("email", "guest@example.org"));

        JsonNode entry = newest();

        assertThat(entry.path("actor").asText()).isEqualTo(email);
        assertThat(entry.path("via").asText()).isEqualTo("session");
        assertThat(entry.path("action").asText()).isEqualTo("invite");
        assertThat(entry.path("subject").asText()).isEqualTo("email=guest@example.org");
        assertThat(entry.path("status").asText()).isEqualTo("200");
        assertThat(entry.path("address").asText()).isEqualTo("127.0.0.1");
    }

    @Test
    void tellsOfCredentialsThatWereRead() {
        tenant.reader();

        assertThat(newest().path("action").asText()).isEqualTo("db.connection");
        tenant.client()
                .post(
                        "/v1/db/" + tenant.organization() + "/roll_credentials",
                        Map.of("guard_confirm", ""));
        assertThat(newest().path("action").asText()).isEqualTo("db.roll_credentials");
    }

    @Test
    void tellsOfStatementsWithoutTheirValues() {
        tenant.sql("select pk from " + tenant.table() + " where data->>'email' = 'secret@x.y'");

        JsonNode entry = newest();
        assertThat(entry.path("action").asText()).isEqualTo("db.sql");
        assertThat(entry.path("detail").asText())
                .isEqualTo("select pk from " + tenant.table() + " where data->>? = ?");
        assertThat(log()).doesNotContain("secret@x.y");
    }

    @Test
    void tellsOfLoginsAndOfWrongCodes() {
        system.client().post("/v1/auth", Map.of("email", email));
        Answer wrong = system.client().post("/v1/auth", Map.of("email", email, "token", "none"));
        assertThat(wrong.status()).isLessThan(500);

        JsonNode entry = newest();
        assertThat(entry.path("action").asText()).isEqualTo("auth");
        assertThat(entry.path("via").asText()).isEqualTo("wrong code");
        // The first code went to somebody unknown; then the login, one more code, one try.
        assertThat(actions()).filteredOn("auth"::equals).hasSize(3);
    }

    @Test
    void tellsWhichTokenWasUsedAndWhatItWasRefused() {
        Answer made =
                tenant.client()
                        .post(organization + "/api_tokens", Map.of("name", "ci", "scope", "read"));
        String id = made.body().path("opaque_id").asText();
        TestingClient script =
                system.client()
                        .with("Authorization", "Bearer " + made.body().path("token").asText());
        script.post("/v1/db/" + tenant.organization() + "/sql", Map.of("query", "select 7"));

        assertThat(newest().path("via").asText()).isEqualTo("token " + id);
        assertThat(log()).doesNotContain(made.body().path("token").asText());
    }

    @Test
    void tellsOfWhatAMemberWasRefused() {
        String member = "member-" + UUID.randomUUID() + "@example.org";
        TestingClient client = system.login(member);
        String code =
                tenant.client()
                        .post(organization + "/invite", Map.of("email", member))
                        .message()
                        .replaceAll("(?s).*(join-[0-9a-f]{8}).*", "$1");
        client.post("/v1/organizations/join", Map.of("invitation_code", code));
        assertThat(newest().path("action").asText()).isEqualTo("join");
        assertThat(client.get(organization + "/audit_log").status()).isEqualTo(403);
        Answer refused = client.post(organization + "/close");
        assertThat(refused.status()).isEqualTo(403);

        JsonNode entry = newest();
        assertThat(entry.path("actor").asText()).isEqualTo(member);
        assertThat(entry.path("action").asText()).isEqualTo("close");
        assertThat(entry.path("status").asText()).isEqualTo("403");
    }

    @Test
    void tellsNothingOfOtherOrganizationsAndNothingToTheirAdmins() {
        TestingTenant other =
                TestingTenant.of(
                        system, "other-" + UUID.randomUUID() + "@example.org", "shopify_order_v1");

        assertThat(other.client().get(organization + "/audit_log").status()).isEqualTo(403);
        assertThat(log()).doesNotContain("other-");
    }

    @Test
    void tellsNoQuestionsAndNoTypingErrors() {
        int before = actions().size();
        tenant.client().post(organization + "/invite");
        tenant.client().post(organization + "/invite", Map.of("email", "no address"));

        // The log's own two readings are told.
        assertThat(actions()).hasSize(before + 1);
    }

    @Test
    void goesBackPageByPage() {
        for (int i = 0; i < 5; i++) {
            tenant.sql("select " + i);
        }
        JsonNode first = tenant.client().get(organization + "/audit_log?limit=2").body();
        assertThat(first.path("items")).hasSize(2);
        assertThat(first.path("message").asText()).contains("--before");
        String last = first.at("/items/1/id").asText();
        JsonNode next =
                tenant.client().get(organization + "/audit_log?limit=2&before=" + last).body();
        assertThat(next.at("/items/0/id").asLong()).isLessThan(Long.parseLong(last));
        assertThat(tenant.client().get(organization + "/audit_log?before=x").status())
                .isEqualTo(400);
        assertThat(tenant.client().get(organization + "/audit_log?limit=0").status())
                .isEqualTo(400);
    }

    private String log() {
        return tenant.client().get(organization + "/audit_log?limit=1000").text();
    }

    private List<String> actions() {
        return StreamSupport.stream(
                        tenant.client()
                                .get(organization + "/audit_log?limit=1000")
                                .body()
                                .path("items")
                                .spliterator(),
                        false)
                .map(entry -> entry.path("action").asText())
                .toList();
    }

    private JsonNode newest() {
        return tenant.client().get(organization + "/audit_log?limit=1").body().at("/items/0");
    }
}
