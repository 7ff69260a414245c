package io.webhookdb.controlplane.api.integrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingControlTopic;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.IntegrationControl;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class IntegrationITCase {
    private final TestingSystem system;

    IntegrationITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void asksForTheServiceAndThenItsSecret() {
        Setting setting = setting("ask@example.org");
        Answer asked = setting.post("/create", Map.of());
        assertThat(asked.status()).isEqualTo(422);
        assertThat(asked.header("Whdb-Prompt")).isEqualTo("service_name");
        assertThat(asked.step().at("/post_params/org_identifier").asText())
                .isEqualTo("" + setting.organization());
        assertThat(asked.step().path("post_to_url").asText()).isEqualTo(setting.path() + "/create");

        Answer created = setting.client().reply(asked, "stripe_customer_v1");

        assertThat(created.status()).isEqualTo(200);
        JsonNode step = created.body();
        String id = setting.only().path("opaque_id").asText();
        assertThat(id).matches("svi_[0-9a-z]{10,25}");
        assertThat(step.size()).isEqualTo(11);
        assertThat(step.path("needs_input").asBoolean()).isTrue();
        assertThat(step.path("complete").asBoolean()).isFalse();
        assertThat(step.path("prompt").asText()).endsWith(":");
        assertThat(step.path("prompt_is_secret").asBoolean()).isTrue();
        assertThat(step.path("post_params").toString()).isEqualTo("{}");
        assertThat(step.path("post_params_value_key").asText()).isEqualTo("value");
        assertThat(step.path("post_to_url").asText())
                .isEqualTo(setting.path() + "/" + id + "/transition/webhook_secret");
        assertThat(step.path("output").asText())
                .contains(TestingSystem.INGEST + "/v1/service_integrations/" + id)
                .doesNotContain("{endpoint}");

        JsonNode done = setting.client().reply(created, "whsec_1").body();

        assertThat(done.path("complete").asBoolean()).isTrue();
        assertThat(done.path("error_code").asText()).isEmpty();
        assertThat(done.path("output").asText())
                .contains("now listening")
                .contains("SELECT * FROM " + setting.only().path("table_name").asText())
                .contains("webhookdb backfill " + id)
                .doesNotContain("still being set up");
    }

    @Test
    void asksForARepositoryUntilItLooksLikeOne() {
        Setting setting = setting("repo@example.org");
        Answer asked = setting.create("github_issue_v1");
        assertThat(asked.step().path("prompt_is_secret").asBoolean()).isFalse();
        assertThat(asked.step().path("post_to_url").asText()).endsWith("/transition/repo_name");

        Answer refused = setting.client().reply(asked, "not a repository");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("validation_error");
        assertThat(refused.message()).contains("torvalds/linux");
        assertThat(refused.body().at("/error/field_errors/value").isArray()).isTrue();
        assertThat(refused.body().at("/error/errors/0").asText()).startsWith("value ");

        Answer secret = setting.client().reply(asked, "torvalds/linux");
        assertThat(secret.step().path("post_to_url").asText())
                .endsWith("/transition/webhook_secret");
        assertThat(secret.step().path("output").asText()).contains("Payload URL: http://ingest");
        assertThat(setting.client().reply(secret, "s3cret").step().path("complete").asBoolean())
                .isTrue();
        assertThat(setting.info("api_url")).isEqualTo("torvalds/linux");
        assertThat(setting.info("webhook_secret")).isEqualTo("s3cret");
    }

    @Test
    void asksAgainAfterABlankAnswerButNotForEver() {
        Setting setting = setting("blank@example.org");
        Answer asked = setting.create("stripe_price_v1");
        for (int i = 1; i < 10; i++) {
            asked = setting.client().reply(asked, "");
            assertThat(asked.step().path("needs_input").asBoolean()).isTrue();
        }
        Answer ended = setting.client().reply(asked, "");

        assertThat(ended.status()).isEqualTo(400);
        assertThat(ended.code()).isEqualTo("invalid_input");
        Answer resumed = setting.postOne("/setup");
        assertThat(setting.client().reply(resumed, "").status()).isEqualTo(200);
    }

    @Test
    void confirmsASecondIntegrationOfAServiceByThePresenceOfTheKey() {
        Setting setting = setting("guard@example.org");
        setting.create("stripe_customer_v1");
        Answer asked = setting.create("stripe_customer_v1");
        assertThat(asked.status()).isEqualTo(422);
        assertThat(asked.header("Whdb-Prompt")).isEqualTo("guard_confirm");
        assertThat(asked.step().path("output").asText()).contains("stripe_customer_v1");
        assertThat(asked.step().at("/post_params/service_name").asText())
                .isEqualTo("stripe_customer_v1");
        assertThat(setting.list().size()).isEqualTo(1);

        assertThat(setting.client().reply(asked, "").status()).isEqualTo(200);
        assertThat(setting.list().size()).isEqualTo(2);
        Map<String, Object> withNull = new HashMap<>();
        withNull.put("service_name", "stripe_customer_v1");
        withNull.put("guard_confirm", null);
        assertThat(setting.post("/create", withNull).status()).isEqualTo(200);
        assertThat(
                        setting.post(
                                        "/create",
                                        Map.of(
                                                "service_name",
                                                "stripe_customer_v1",
                                                "guard_confirm",
                                                ""))
                                .status())
                .isEqualTo(200);
        assertThat(setting.list().size()).isEqualTo(4);
    }

    @Test
    void namesTheServicesThereAre() {
        Setting setting = setting("unknown-service@example.org");
        Answer refused = setting.create("nothing_v1");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("invalid_service");
        assertThat(refused.message()).contains("nothing_v1").contains("stripe_customer_v1");
    }

    @Test
    void findsAnIntegrationByIdServiceAndTable() {
        Setting setting = setting("find@example.org");
        setting.create("stripe_customer_v1");
        JsonNode one = setting.only();
        for (String key : new String[] {"opaque_id", "service_name", "table_name"}) {
            assertThat(setting.post("/" + one.path(key).asText() + "/setup", Map.of()).status())
                    .isEqualTo(200);
        }
        Answer missing = setting.post("/svi_nothing/setup", Map.of());
        assertThat(missing.status()).isEqualTo(403);
        assertThat(missing.code()).isEqualTo("permission_check");

        setting.post("/create", Map.of("service_name", "stripe_customer_v1", "guard_confirm", "y"));
        assertThat(setting.post("/stripe_customer_v1/setup", Map.of()).status()).isEqualTo(409);
        assertThat(setting.post("/" + one.path("table_name").asText() + "/setup").status())
                .isEqualTo(200);
    }

    @Test
    void keepsIntegrationsToTheirOrganization() {
        Setting mine = setting("mine-only@example.org");
        mine.create("stripe_customer_v1");
        Setting yours = setting("yours-only@example.org");
        String id = mine.only().path("opaque_id").asText();

        assertThat(yours.post("/" + id + "/info", Map.of()).status()).isEqualTo(403);
        assertThat(
                        yours.post("/" + id + "/transition/webhook_secret", Map.of("value", "x"))
                                .status())
                .isEqualTo(403);
        assertThat(yours.client().post(mine.path() + "/" + id + "/info", Map.of()).status())
                .isEqualTo(403);
    }

    @Test
    void forgetsTheSecretOnResetAndStartsANewEpoch() {
        Setting setting = setting("reset@example.org");
        setting.client().reply(setting.create("github_issue_v1"), "a/b");
        setting.transition("webhook_secret", "first");
        IntegrationControl before = setting.control();
        assertThat(before.webhookSecretCiphertext()).isNotNull();

        Answer asked = setting.postOne("/reset");

        assertThat(asked.step().path("post_to_url").asText())
                .endsWith("/transition/webhook_secret");
        IntegrationControl after = setting.control();
        assertThat(after.webhookSecretCiphertext()).isNull();
        assertThat(after.epoch()).isGreaterThan(before.epoch());
        assertThat(after.revision()).isGreaterThan(before.revision());
        assertThat(setting.info("api_url")).isEqualTo("a/b");
    }

    @Test
    void takesEveryFieldOfTheContract() {
        Setting setting = setting("fields@example.org");
        setting.create("shopify_order_v1");

        Answer key = setting.transition("backfill_key", "key\n");
        assertThat(key.step().path("post_to_url").asText()).endsWith("/transition/backfill_secret");
        Answer shop = setting.transition("backfill_secret", "secret");
        assertThat(shop.step().path("post_to_url").asText()).endsWith("/transition/shop_name");
        Answer done = setting.transition("shop_name", "my-shop");
        assertThat(done.step().path("complete").asBoolean()).isTrue();
        assertThat(setting.info("api_url")).isEqualTo("https://my-shop.myshopify.com");
        assertThat(setting.transition("api_url", "https://other.example").status()).isEqualTo(200);
        assertThat(setting.info("api_url")).isEqualTo("https://other.example");
        assertThat(setting.transition("noop_create", "").step().path("post_to_url").asText())
                .endsWith("/transition/webhook_secret");
        assertThat(setting.transition("dependency_choice", "1").code()).isEqualTo("invalid_input");
        assertThat(setting.transition("table_name", "x").code()).isEqualTo("invalid_input");
        Answer missing =
                setting.client().post(setting.onePath() + "/transition/webhook_secret", Map.of());
        assertThat(missing.status()).isEqualTo(400);
        assertThat(missing.body().at("/error/field_errors/value").isArray()).isTrue();
    }

    @Test
    void showsWhatItKnows() {
        Setting setting = setting("info@example.org");
        setting.create("stripe_customer_v1");
        setting.transition("webhook_secret", "  whsec_shown \n");
        JsonNode table = setting.postOne("/info").body().at("/blocks/0");

        assertThat(table.path("type").asText()).isEqualTo("table");
        assertThat(table.at("/value/headers").toString()).isEqualTo("[\"Field\",\"Value\"]");
        assertThat(table.at("/value/rows").toString())
                .contains("[\"Service\",\"stripe_customer_v1\"]")
                .contains("[\"Webhook secret\",\"whsec_shown\"]")
                .contains("[\"Webhookdb api key\",\"\"]", "[\"Api url\",\"\"]");
        assertThat(setting.info("url"))
                .isEqualTo(
                        TestingSystem.INGEST
                                + "/v1/service_integrations/"
                                + setting.only().path("opaque_id").asText());
        assertThat(setting.post("/" + setting.id() + "/info", Map.of("field", "x")).code())
                .isEqualTo("validation_error");
    }

    @Test
    void rollsTheApiKey() {
        Setting setting = setting("roll@example.org");
        setting.create("stripe_customer_v1");
        assertThat(setting.info("webhookdb_api_key")).isEmpty();
        String first = setting.postOne("/roll_api_key").body().path("webhookdb_api_key").asText();
        String second = setting.postOne("/roll_api_key").body().path("webhookdb_api_key").asText();

        assertThat(first).startsWith("sk/" + setting.id() + "/").isNotEqualTo(second);
        assertThat(setting.info("webhookdb_api_key")).isEqualTo(second);
    }

    @Test
    void deletesOnlyWhenTheTableIsNamed() {
        Setting setting = setting("delete@example.org");
        setting.create("stripe_customer_v1");
        String id = setting.id();
        String table = setting.only().path("table_name").asText();
        Answer asked = setting.post("/" + id + "/delete", Map.of("confirm", ""));
        assertThat(asked.status()).isEqualTo(422);
        assertThat(asked.header("Whdb-Prompt")).isEqualTo("confirm");
        assertThat(asked.step().path("output").asText()).contains(table);
        Answer again = setting.client().reply(asked, "stripe_customer_v1");
        assertThat(again.status()).isEqualTo(422);

        Answer deleted = setting.client().reply(again, table);

        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.message()).contains(table).doesNotContain("still being");
        assertThat(deleted.body().path("opaque_id").asText()).isEqualTo(id);
        assertThat(setting.list().size()).isZero();
        assertThat(setting.post("/" + id + "/info", Map.of()).status()).isEqualTo(403);
        assertThat(tables(setting)).isEqualTo("[]");
        IntegrationControl control =
                (IntegrationControl)
                        TestingControlTopic.newest(system.bootstrap(), IntegrationControl.key(id))
                                .orElseThrow();
        assertThat(control.state()).isEqualTo(State.DELETED);
        assertThat(control.webhookSecretCiphertext()).isNull();
    }

    @Test
    void answersAsIfItWereGoneWhereItIsDeletedMeanwhile() throws Exception {
        Setting setting = setting("deleted-meanwhile@example.org");
        setting.create("stripe_customer_v1");
        String path = setting.onePath();
        try (var connection = TestingSystem.connect(system.application());
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(
                    "UPDATE integrations SET state = 'deleted' WHERE opaque_id = '"
                            + setting.id()
                            + "'");
            CompletableFuture<Answer> answer =
                    CompletableFuture.supplyAsync(
                            () ->
                                    setting.client()
                                            .post(
                                                    path + "/transition/webhook_secret",
                                                    Map.of("value", "x")));
            await().until(
                            () ->
                                    statement
                                            .executeQuery(
                                                    "SELECT FROM pg_locks WHERE NOT granted AND"
                                                            + " pg_backend_pid() ="
                                                            + " ANY(pg_blocking_pids(pid))")
                                            .next());
            connection.commit();

            Answer refused = answer.get(20, TimeUnit.SECONDS);
            assertThat(refused.status()).as(refused.text()).isEqualTo(403);
            assertThat(refused.code()).isEqualTo("permission_check");
        }
    }

    @Test
    void listsNothingWithAHint() {
        Setting setting = setting("empty@example.org");
        JsonNode list = setting.client().get(setting.path()).body();

        assertThat(list.path("items").toString()).isEqualTo("[]");
        assertThat(list.path("message").asText()).contains("webhookdb integrations create");
        assertThat(list.path("display_headers").toString())
                .isEqualTo(
                        "[[\"service_name\",\"Name\"],[\"table_name\",\"Table\"],"
                                + "[\"opaque_id\",\"Id\"]]");
    }

    @Test
    void refusesMembersWhatOnlyAdminsMay() throws Exception {
        Setting setting = setting("plain-member@example.org");
        setting.create("stripe_customer_v1");
        try (var connection = TestingSystem.connect(system.application());
                var statement = connection.createStatement()) {
            statement.execute(
                    "UPDATE memberships SET role = 'member' WHERE organization_id = "
                            + setting.organization());
        }

        assertThat(setting.create("stripe_price_v1").status()).isEqualTo(403);
        assertThat(setting.create("stripe_price_v1").code()).isEqualTo("permission_check");
        assertThat(setting.postOne("/delete").status()).isEqualTo(403);
        assertThat(setting.postOne("/setup").status()).isEqualTo(200);
    }

    private String tables(Setting setting) {
        return setting.client()
                .get("/v1/db/" + setting.organization() + "/tables")
                .body()
                .path("tables")
                .toString();
    }

    private Setting setting(String email) {
        TestingClient client = system.login(email);
        return new Setting(
                system,
                client,
                client.get("/v1/me").body().at("/default_organization/id").asLong());
    }

    /** A customer with their organization. */
    private record Setting(TestingSystem system, TestingClient client, long organization) {
        String path() {
            return "/v1/organizations/" + organization + "/service_integrations";
        }

        Answer post(String below) {
            return client.post(path() + below);
        }

        Answer post(String below, Object body) {
            return client.post(path() + below, body);
        }

        Answer create(String service) {
            return post("/create", Map.of("service_name", service));
        }

        JsonNode list() {
            return client.get(path()).body().path("items");
        }

        JsonNode only() {
            assertThat(list().size()).isEqualTo(1);
            return list().get(0);
        }

        String id() {
            return only().path("opaque_id").asText();
        }

        String onePath() {
            return path() + "/" + id();
        }

        Answer postOne(String below) {
            return client.post(onePath() + below);
        }

        Answer transition(String field, String value) {
            return client.post(onePath() + "/transition/" + field, Map.of("value", value));
        }

        String info(String field) {
            return client.post(onePath() + "/info", Map.of("field", field))
                    .body()
                    .at("/blocks/0/value")
                    .asText();
        }

        IntegrationControl control() {
            return (IntegrationControl)
                    TestingControlTopic.newest(system.bootstrap(), IntegrationControl.key(id()))
                            .orElseThrow();
        }
    }
}
