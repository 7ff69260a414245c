package io.webhookdb.controlplane.api.organizations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class OrganizationITCase {
    private final TestingSystem system;

    OrganizationITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void takesNamesInEveryScript() {
        TestingClient client = system.login("scripts@example.org");
        for (String name : new String[] {"日本語", "中国", "Организация"}) {
            Answer created = client.post("/v1/organizations/create", Map.of("name", name));
            assertThat(created.status()).as(created.text()).isEqualTo(200);
            assertThat(created.body().path("key").asText()).matches("org(_[0-9a-f]{4})?");
            assertThat(created.body().path("name").asText()).isEqualTo(name);
        }
        assertThat(
                        client.post("/v1/organizations/create", Map.of("name", "中国"))
                                .body()
                                .at("/error/field_errors/name/0")
                                .asText())
                .isEqualTo("is already taken");
    }

    @Test
    void findsAnOrganizationByIdKeyAndName() {
        TestingClient client = system.login("finder@example.org");
        Answer created = client.post("/v1/organizations/create", Map.of("name", " 5 Apples \n"));
        assertThat(created.status()).isEqualTo(200);
        assertThat(created.body().path("id").isIntegralNumber()).isTrue();
        assertThat(created.body().path("key").asText()).isEqualTo("five_apples");
        long id = created.body().path("id").asLong();

        for (String identifier : new String[] {"" + id, "five_apples", "5%20Apples"}) {
            JsonNode found = client.get("/v1/organizations/-?org=" + identifier).body();
            assertThat(found.path("id").asLong()).isEqualTo(id);
            assertThat(found.path("name").asText()).isEqualTo("5 Apples");
            assertThat(client.get("/v1/organizations/" + identifier).body()).isEqualTo(found);
        }
    }

    @Test
    void hidesOrganizationsOfOthersAsIfTheyDidNotExist() {
        TestingClient client = system.login("outsider@example.org");
        TestingClient other = system.login("insider@example.org");
        long id = other.get("/v1/me").body().at("/default_organization/id").asLong();

        Answer foreign = client.get("/v1/organizations/" + id);
        Answer missing = client.get("/v1/organizations/999999999");

        assertThat(foreign.status()).isEqualTo(403);
        assertThat(foreign.code()).isEqualTo("permission_check");
        assertThat(missing.status()).isEqualTo(403);
        assertThat(foreign.message().replace("" + id, "X"))
                .isEqualTo(missing.message().replace("999999999", "X"));
        for (String path :
                new String[] {
                    "/members", "/services", "/service_integrations", "?org=x", "/members?org=x"
                }) {
            assertThat(client.get("/v1/organizations/" + id + path).status()).isEqualTo(403);
        }
        assertThat(client.get("/v1/db/" + id + "/connection").status()).isEqualTo(403);
        assertThat(client.get("/v1/db/" + id + "/tables").status()).isEqualTo(403);
        assertThat(client.post("/v1/db/" + id + "/sql", Map.of("query", "SELECT 1")).status())
                .isEqualTo(403);
    }

    @Test
    void knowsNoOrganizationWhenNoneIsActive() {
        TestingClient client = system.login("none-active@example.org");

        assertThat(client.get("/v1/organizations/0/members").status()).isEqualTo(403);
        assertThat(client.get("/v1/organizations/-").code()).isEqualTo("missing_org");
        assertThat(client.get("/v1/organizations/-").status()).isEqualTo(400);
    }

    @Test
    void asksForTheNameOfANewOrganization() {
        TestingClient client = system.login("namer@example.org");
        Answer asked = client.post("/v1/organizations/create", Map.of("name", "\n"));
        assertThat(asked.status()).isEqualTo(422);
        assertThat(asked.code()).isEqualTo("prompt_required_params");
        assertThat(asked.header("Whdb-Prompt")).isEqualTo("name");
        assertThat(asked.step().path("post_to_url").asText()).isEqualTo("/v1/organizations/create");

        Answer created = client.reply(asked, "Named Later");

        assertThat(created.body().path("key").asText()).isEqualTo("named_later");
        assertThat(created.message()).contains("named_later").doesNotContain("still being");
        assertThat(client.get("/v1/me").body().at("/default_organization/key").asText())
                .isEqualTo("named_later");
    }

    @Test
    void refusesATakenName() {
        TestingClient client = system.login("taken@example.org");
        client.post("/v1/organizations/create", Map.of("name", "Taken"));
        Answer refused = client.post("/v1/organizations/create", Map.of("name", "taken!!"));

        assertThat(refused.status()).isEqualTo(200);
        assertThat(client.post("/v1/organizations/create", Map.of("name", "Taken")).status())
                .isEqualTo(400);
        assertThat(client.post("/v1/organizations/create", Map.of("name", "TAKEN")).code())
                .isEqualTo("validation_error");
    }

    @Test
    void listsMembers() {
        TestingClient client = system.login("member@example.org");
        long id = client.get("/v1/me").body().at("/default_organization/id").asLong();
        JsonNode list = client.get("/v1/organizations/" + id + "/members").body();

        assertThat(list.at("/items/0/email").asText()).isEqualTo("member@example.org");
        assertThat(list.at("/items/0/status").asText()).isEqualTo("admin");
        assertThat(list.at("/items/0/organization/id").asLong()).isEqualTo(id);
        assertThat(list.path("display_headers").toString())
                .isEqualTo(
                        "[[\"email\",\"Email\"],[\"organization_name\",\"Organization"
                                + " Name\"],[\"organization_key\",\"Organization"
                                + " Key\"],[\"status\",\"Role\"]]");
        assertThat(list.path("message").isTextual()).isTrue();
    }

    @Test
    void marksTheActiveOrganization() {
        TestingClient client = system.login("blocks@example.org");
        client.post("/v1/organizations/create", Map.of("name", "Blocks Two"));
        JsonNode blocks =
                client.get("/v1/me/organization_memberships?active_org_identifier=blocks_two")
                        .body()
                        .path("blocks");

        assertThat(blocks.at("/0/type").asText()).isEqualTo("line");
        assertThat(blocks.at("/1/value").asText()).isEmpty();
        assertThat(blocks.at("/2/value/headers").toString())
                .isEqualTo("[\"Name\",\"Key\",\"Role\",\"Status\"]");
        assertThat(blocks.at("/2/value/rows/0").toString())
                .isEqualTo("[\"Blocks Two\",\"blocks_two\",\"admin\",\"active\"]");
        assertThat(blocks.at("/2/value/rows/1/3").asText()).isEmpty();
    }

    @Test
    void describesTheCustomer() {
        TestingClient client = system.login("me@example.org");
        JsonNode me = client.get("/v1/me").body();

        assertThat(me.path("email").asText()).isEqualTo("me@example.org");
        assertThat(me.path("default_organization_formatted").asText())
                .isEqualTo("me@example.org Org (me_example_org_org)");
        assertThat(me.path("verified_memberships_formatted").asText())
                .isEqualTo("me@example.org Org (me_example_org_org): admin");
        assertThat(me.path("invitations_formatted").asText()).isEmpty();
        assertThat(me.path("display_headers").at("/0/0").asText()).isEqualTo("email");
    }

    @Test
    void needsASession() {
        for (String path :
                new String[] {
                    "/v1/me",
                    "/v1/me/organization_memberships",
                    "/v1/organizations/1",
                    "/v1/organizations/1/members",
                    "/v1/organizations/1/services",
                    "/v1/organizations/1/service_integrations",
                    "/v1/db/1/connection",
                    "/v1/db/1/tables",
                    "/v1/db/run_sql?org_identifier=1&query=x"
                }) {
            Answer refused = system.client().with("Whdb-Auth-Token", "x").get(path);
            assertThat(refused.status()).as(path).isEqualTo(401);
            assertThat(refused.body().at("/error/status").isIntegralNumber()).isTrue();
        }
        for (String path :
                new String[] {
                    "/v1/organizations/create",
                    "/v1/organizations/1/service_integrations/create",
                    "/v1/organizations/1/service_integrations/x/setup",
                    "/v1/organizations/1/service_integrations/x/delete",
                    "/v1/organizations/1/service_integrations/x/transition/webhook_secret",
                    "/v1/db/1/sql"
                }) {
            assertThat(system.client().post(path).status()).as(path).isEqualTo(401);
        }
    }
}
