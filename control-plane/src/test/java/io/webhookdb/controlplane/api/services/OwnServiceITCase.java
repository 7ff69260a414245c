package io.webhookdb.controlplane.api.services;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingControlTopic;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class OwnServiceITCase {
    private static final String FIRST =
            "service: acme_order_v1\n"
                    + "key: {column: acme_id, type: text, pointer: /id}\n"
                    + "columns:\n"
                    + "- {name: total, type: numeric, pointer: /total}\n";
    private static final String SECOND =
            FIRST + "- {name: paid, type: boolean, pointer: /paid, presence: optional}\n";

    private final TestingSystem system;

    OwnServiceITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void offersADefinitionToItsOrganizationAlone() {
        Tenant owner = tenant("own-services@example.org");
        Tenant other = tenant("other-services@example.org");

        Answer defined = owner.post("/service_definitions/define", Map.of("definition", FIRST));

        assertThat(defined.status()).as(defined.text()).isEqualTo(200);
        assertThat(defined.body().path("version").asInt()).isEqualTo(1);
        assertThat(defined.message()).contains("integrations create acme_order_v1");
        assertThat(owner.names("/services")).contains("acme_order_v1", "stripe_customer_v1");
        assertThat(other.names("/services"))
                .doesNotContain("acme_order_v1")
                .contains("stripe_customer_v1");
        assertThat(other.create("acme_order_v1").status()).isEqualTo(400);
        assertThat(owner.create("acme_order_v1").step().path("complete").asBoolean()).isTrue();
        assertThat(owner.get("/service_definitions/acme_order_v1").body().path("definition"))
                .hasToString(
                        owner.get("/service_definitions").body().at("/items/0/definition") + "");
    }

    @Test
    void movesIntegrationsToTheNextVersionAndRefusesWhatTheirTableCannotFollow() {
        Tenant tenant = tenant("versions@example.org");
        tenant.post("/service_definitions/define", Map.of("definition", FIRST));
        tenant.create("acme_order_v1");
        String integration =
                tenant.get("/service_integrations").body().at("/items/0/opaque_id").asText();

        Answer refused =
                tenant.post(
                        "/service_definitions/define",
                        Map.of(
                                "definition",
                                FIRST.replace("total, type: numeric", "sum, type: text")
                                        .replace("/id", "/number")));
        Answer next = tenant.post("/service_definitions/define", Map.of("definition", SECOND));
        Answer same = tenant.post("/service_definitions/define", Map.of("definition", SECOND));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.message())
                .contains("2 problems", "/key: found \"/number\"", "has the column total");
        assertThat(next.body().path("version").asInt()).as(next.text()).isEqualTo(2);
        assertThat(next.message()).contains("1 table(s) follow it", "new columns: paid");
        assertThat(same.body().path("version").asInt()).isEqualTo(2);
        IntegrationControl control =
                (IntegrationControl)
                        TestingControlTopic.newest(
                                        system.bootstrap(), IntegrationControl.key(integration))
                                .orElseThrow();
        DefinitionControl definition =
                (DefinitionControl)
                        TestingControlTopic.newest(
                                        system.bootstrap(),
                                        DefinitionControl.key(control.definition()))
                                .orElseThrow();
        assertThat(definition.definition().columns())
                .extracting(column -> column.name())
                .containsExactly("total", "paid");
    }

    @Test
    void endsOnlyWhatNothingUses() {
        Tenant tenant = tenant("undefine@example.org");
        tenant.post("/service_definitions/define", Map.of("definition", FIRST));
        tenant.create("acme_order_v1");
        String path = "/service_definitions/acme_order_v1/delete";

        assertThat(tenant.post(path, Map.of()).status()).isEqualTo(409);
        String table =
                tenant.get("/service_integrations").body().at("/items/0/table_name").asText();
        tenant.post("/service_integrations/acme_order_v1/delete", Map.of("confirm", table));
        assertThat(tenant.post(path, Map.of()).status()).isEqualTo(200);
        assertThat(tenant.names("/services")).doesNotContain("acme_order_v1");
        assertThat(tenant.post(path, Map.of()).status()).isEqualTo(403);
    }

    @Test
    void checksAndTriesWithoutKeepingAnything() {
        Tenant tenant = tenant("tries@example.org");

        Answer checked = tenant.post("/service_definitions/check", Map.of("definition", FIRST));
        Answer wrong =
                tenant.post(
                        "/service_definitions/check",
                        Map.of(
                                "definition",
                                FIRST.replace("text", "words").replace("/total", "x")));
        Answer taken =
                tenant.post(
                        "/service_definitions/check",
                        Map.of("definition", FIRST.replace("acme_order_v1", "stripe_customer_v1")));
        Answer tried =
                tenant.post(
                        "/service_definitions/try",
                        Map.of("definition", FIRST, "payload", "{\"id\": 7, \"total\": \"x\"}"));

        assertThat(checked.message()).contains("acme_order_v1 is right");
        assertThat(wrong.message())
                .contains("2 problems", "/key/type", "\"words\"", "uuid", "/columns/0/pointer");
        assertThat(taken.message()).contains("choose another");
        assertThat(tried.text())
                .contains("One row.", "\"acme_id\",\"text\",\"7\"", "NULL and counted: total");
        assertThat(tenant.names("/services")).doesNotContain("acme_order_v1");
    }

    @Test
    void draftsADefinitionThatChecks() {
        Tenant tenant = tenant("infers@example.org");

        Answer draft =
                tenant.post(
                        "/service_definitions/infer",
                        Map.of(
                                "service",
                                "acme_order_v1",
                                "samples",
                                List.of(
                                        "{\"id\": \"a\", \"updated_at\":"
                                                + " \"2024-01-01T00:00:00Z\"}")));
        String yaml = draft.body().path("definition").asText();

        assertThat(yaml).contains("{name: updated_at, type: timestamptz");
        assertThat(tenant.post("/service_definitions/check", Map.of("definition", yaml)).status())
                .isEqualTo(200);
        assertThat(
                        tenant.post("/service_definitions/infer", Map.of("samples", List.of("{")))
                                .message())
                .contains("no JSON");
    }

    @Test
    void asksAGenericWebhookForItsKey() {
        Tenant tenant = tenant("generic@example.org");
        Answer asked = tenant.create("generic_webhook_v1");
        assertThat(asked.step().path("prompt").asText()).contains("Enter for /id");

        Answer secret = tenant.client().reply(asked, "/order/number");
        Answer done = tenant.client().reply(secret, "");

        assertThat(done.step().path("complete").asBoolean()).as(done.text()).isTrue();
        String integration =
                tenant.get("/service_integrations").body().at("/items/0/opaque_id").asText();
        IntegrationControl control =
                (IntegrationControl)
                        TestingControlTopic.newest(
                                        system.bootstrap(), IntegrationControl.key(integration))
                                .orElseThrow();
        DefinitionControl definition =
                (DefinitionControl)
                        TestingControlTopic.newest(
                                        system.bootstrap(),
                                        DefinitionControl.key(control.definition()))
                                .orElseThrow();
        assertThat(definition.definition().key().pointer()).isEqualTo("/order/number");
    }

    private Tenant tenant(String email) {
        TestingClient client = system.login(email);
        long id = client.get("/v1/me").body().at("/default_organization/id").asLong();
        return new Tenant(client, "/v1/organizations/" + id);
    }

    private record Tenant(TestingClient client, String path) {
        Answer get(String below) {
            return client.get(path + below);
        }

        Answer post(String below, Object body) {
            return client.post(path + below, body);
        }

        Answer create(String service) {
            return post("/service_integrations/create", Map.of("service_name", service));
        }

        List<String> names(String below) {
            return get(below).body().path("items").findValuesAsText("name");
        }
    }
}
