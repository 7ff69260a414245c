package io.webhookdb.controlplane.api.integrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingControlTopic;
import io.webhookdb.controlplane.TestingOrganization;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.IntegrationControl;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
        TestingOrganization customer = TestingOrganization.of(system, "ask@example.org");
        Answer asked = customer.post("/create", Map.of());
        assertThat(asked.status()).isEqualTo(422);
        assertThat(asked.header("Whdb-Prompt")).isEqualTo("service_name");
        assertThat(asked.step().at("/post_params/org_identifier").asText())
                .isEqualTo("" + customer.id());
        assertThat(asked.step().path("post_to_url").asText())
                .isEqualTo(customer.path() + "/create");

        Answer created = customer.client().reply(asked, "stripe_customer_v1");

        assertThat(created.status()).isEqualTo(200);
        JsonNode step = created.body();
        String id = customer.only().path("opaque_id").asText();
        assertThat(id).matches("svi_[0-9a-z]{10,25}");
        assertThat(step.size()).isEqualTo(11);
        assertThat(step.path("needs_input").asBoolean()).isTrue();
        assertThat(step.path("complete").asBoolean()).isFalse();
        assertThat(step.path("prompt").asText()).endsWith(":");
        assertThat(step.path("prompt_is_secret").asBoolean()).isTrue();
        assertThat(step.path("post_params").toString()).isEqualTo("{}");
        assertThat(step.path("post_params_value_key").asText()).isEqualTo("value");
        assertThat(step.path("post_to_url").asText())
                .isEqualTo(customer.path() + "/" + id + "/transition/webhook_secret");
        assertThat(step.path("output").asText())
                .contains(TestingSystem.INGEST + "/v1/service_integrations/" + id)
                .doesNotContain("{endpoint}");

        JsonNode done = customer.client().reply(created, "whsec_1").body();

        assertThat(done.path("complete").asBoolean()).isTrue();
        assertThat(done.path("error_code").asText()).isEmpty();
        assertThat(done.path("output").asText())
                .contains("now listening")
                .contains("SELECT * FROM " + customer.only().path("table_name").asText())
                .contains("webhookdb backfill " + id)
                .doesNotContain("still being set up");
    }

    @Test
    void asksForARepositoryUntilItLooksLikeOne() {
        TestingOrganization customer = TestingOrganization.of(system, "repo@example.org");
        Answer asked = customer.create("github_issue_v1");
        assertThat(asked.step().path("prompt_is_secret").asBoolean()).isFalse();
        assertThat(asked.step().path("post_to_url").asText()).endsWith("/transition/repo_name");

        Answer refused = customer.client().reply(asked, "not a repository");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("validation_error");
        assertThat(refused.message()).contains("torvalds/linux");
        assertThat(refused.body().at("/error/field_errors/value").isArray()).isTrue();
        assertThat(refused.body().at("/error/errors/0").asText()).startsWith("value ");

        Answer secret = customer.client().reply(asked, "torvalds/linux");
        assertThat(secret.step().path("post_to_url").asText())
                .endsWith("/transition/webhook_secret");
        assertThat(secret.step().path("output").asText()).contains("Payload URL: http://ingest");
        assertThat(customer.client().reply(secret, "s3cret").step().path("complete").asBoolean())
                .isTrue();
        assertThat(info(customer, "api_url")).isEqualTo("torvalds/linux");
        assertThat(info(customer, "webhook_secret")).isEqualTo("s3cret");
    }

    @Test
    void asksAgainAfterABlankAnswerButNotForEver() {
        TestingOrganization customer = TestingOrganization.of(system, "blank@example.org");
        Answer asked = customer.create("stripe_price_v1");
        for (int i = 1; i < 10; i++) {
            asked = customer.client().reply(asked, "");
            assertThat(asked.step().path("needs_input").asBoolean()).isTrue();
        }
        Answer ended = customer.client().reply(asked, "");

        assertThat(ended.status()).isEqualTo(400);
        assertThat(ended.code()).isEqualTo("invalid_input");
        Answer resumed = customer.postOnly("/setup");
        assertThat(customer.client().reply(resumed, "").status()).isEqualTo(200);
    }

    @Test
    void confirmsASecondIntegrationOfAServiceByThePresenceOfTheKey() {
        TestingOrganization customer = TestingOrganization.of(system, "guard@example.org");
        customer.create("stripe_customer_v1");
        Answer asked = customer.create("stripe_customer_v1");
        assertThat(asked.status()).isEqualTo(422);
        assertThat(asked.header("Whdb-Prompt")).isEqualTo("guard_confirm");
        assertThat(asked.step().path("output").asText()).contains("stripe_customer_v1");
        assertThat(asked.step().at("/post_params/service_name").asText())
                .isEqualTo("stripe_customer_v1");
        assertThat(customer.ids()).hasSize(1);

        assertThat(customer.client().reply(asked, "").status()).isEqualTo(200);
        assertThat(customer.ids()).hasSize(2);
        Map<String, Object> withNull = new HashMap<>();
        withNull.put("service_name", "stripe_customer_v1");
        withNull.put("guard_confirm", null);
        assertThat(customer.post("/create", withNull).status()).isEqualTo(200);
        assertThat(
                        customer.post(
                                        "/create",
                                        Map.of(
                                                "service_name",
                                                "stripe_customer_v1",
                                                "guard_confirm",
                                                ""))
                                .status())
                .isEqualTo(200);
        assertThat(customer.ids()).hasSize(4);
    }

    @Test
    void makesOneIntegrationOfRequestsThatComeAtOnce() {
        TestingOrganization customer = TestingOrganization.of(system, "at-once@example.org");
        for (String service : List.of("stripe_charge_v1", "stripe_price_v1", "stripe_coupon_v1")) {
            List<CompletableFuture<Answer>> tries =
                    IntStream.range(0, 4)
                            .mapToObj(
                                    i ->
                                            CompletableFuture.supplyAsync(
                                                    () -> customer.create(service)))
                            .toList();

            assertThat(tries.stream().map(CompletableFuture::join).map(Answer::status))
                    .containsExactlyInAnyOrder(200, 422, 422, 422);
        }
        assertThat(customer.ids()).hasSize(3);
    }

    @Test
    void namesTheServicesThereAre() {
        TestingOrganization customer =
                TestingOrganization.of(system, "unknown-service@example.org");
        Answer refused = customer.create("nothing_v1");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("invalid_service");
        assertThat(refused.message()).contains("nothing_v1").contains("stripe_customer_v1");
    }

    @Test
    void findsAnIntegrationByIdServiceAndTable() {
        TestingOrganization customer = TestingOrganization.of(system, "find@example.org");
        customer.create("stripe_customer_v1");
        JsonNode one = customer.only();
        for (String key : new String[] {"opaque_id", "service_name", "table_name"}) {
            assertThat(customer.post("/" + one.path(key).asText() + "/setup", Map.of()).status())
                    .isEqualTo(200);
        }
        Answer missing = customer.post("/svi_nothing/setup", Map.of());
        assertThat(missing.status()).isEqualTo(403);
        assertThat(missing.code()).isEqualTo("permission_check");

        customer.post(
                "/create", Map.of("service_name", "stripe_customer_v1", "guard_confirm", "y"));
        assertThat(customer.post("/stripe_customer_v1/setup", Map.of()).status()).isEqualTo(409);
        assertThat(customer.post("/" + one.path("table_name").asText() + "/setup").status())
                .isEqualTo(200);
    }

    @Test
    void keepsIntegrationsToTheirOrganization() {
        TestingOrganization mine = TestingOrganization.of(system, "mine-only@example.org");
        mine.create("stripe_customer_v1");
        TestingOrganization yours = TestingOrganization.of(system, "yours-only@example.org");
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
        TestingOrganization customer = TestingOrganization.of(system, "reset@example.org");
        customer.client().reply(customer.create("github_issue_v1"), "a/b");
        transition(customer, "webhook_secret", "first");
        IntegrationControl before = control(customer);
        assertThat(before.webhookSecretCiphertext()).isNotNull();

        Answer asked = customer.postOnly("/reset");

        assertThat(asked.step().path("post_to_url").asText())
                .endsWith("/transition/webhook_secret");
        IntegrationControl after = control(customer);
        assertThat(after.webhookSecretCiphertext()).isNull();
        assertThat(after.epoch()).isGreaterThan(before.epoch());
        assertThat(after.revision()).isGreaterThan(before.revision());
        assertThat(info(customer, "api_url")).isEqualTo("a/b");
    }

    @Test
    void takesEveryFieldOfTheContract() {
        TestingOrganization customer = TestingOrganization.of(system, "fields@example.org");
        customer.create("shopify_order_v1");

        Answer key = transition(customer, "backfill_key", "key\n");
        assertThat(key.step().path("post_to_url").asText()).endsWith("/transition/backfill_secret");
        Answer shop = transition(customer, "backfill_secret", "secret");
        assertThat(shop.step().path("post_to_url").asText()).endsWith("/transition/shop_name");
        Answer done = transition(customer, "shop_name", "my-shop");
        assertThat(done.step().path("complete").asBoolean()).isTrue();
        assertThat(info(customer, "api_url")).isEqualTo("https://my-shop.myshopify.com");
        assertThat(transition(customer, "api_url", "https://other.example").status())
                .isEqualTo(200);
        assertThat(info(customer, "api_url")).isEqualTo("https://other.example");
        assertThat(transition(customer, "noop_create", "").step().path("post_to_url").asText())
                .endsWith("/transition/webhook_secret");
        assertThat(transition(customer, "dependency_choice", "1").code())
                .isEqualTo("invalid_input");
        assertThat(transition(customer, "table_name", "x").code()).isEqualTo("invalid_input");
        Answer missing =
                customer.client()
                        .post(customer.onlyPath() + "/transition/webhook_secret", Map.of());
        assertThat(missing.status()).isEqualTo(400);
        assertThat(missing.body().at("/error/field_errors/value").isArray()).isTrue();
    }

    @Test
    void showsWhatItKnows() {
        TestingOrganization customer = TestingOrganization.of(system, "info@example.org");
        customer.create("stripe_customer_v1");
        transition(customer, "webhook_secret", "  whsec_shown \n");
        JsonNode table = customer.postOnly("/info").body().at("/blocks/0");

        assertThat(table.path("type").asText()).isEqualTo("table");
        assertThat(table.at("/value/headers").toString()).isEqualTo("[\"Field\",\"Value\"]");
        assertThat(table.at("/value/rows").toString())
                .contains("[\"Service\",\"stripe_customer_v1\"]")
                .contains("[\"Webhook secret\",\"whsec_shown\"]")
                .contains("[\"Webhookdb api key\",\"\"]", "[\"Api url\",\"\"]");
        assertThat(info(customer, "url"))
                .isEqualTo(
                        TestingSystem.INGEST
                                + "/v1/service_integrations/"
                                + customer.only().path("opaque_id").asText());
        assertThat(customer.post("/" + onlyId(customer) + "/info", Map.of("field", "x")).code())
                .isEqualTo("validation_error");
    }

    @Test
    void rollsTheApiKey() {
        TestingOrganization customer = TestingOrganization.of(system, "roll@example.org");
        customer.create("stripe_customer_v1");
        assertThat(info(customer, "webhookdb_api_key")).isEmpty();
        String first = customer.postOnly("/roll_api_key").body().path("webhookdb_api_key").asText();
        String second =
                customer.postOnly("/roll_api_key").body().path("webhookdb_api_key").asText();

        assertThat(first).startsWith("sk/" + onlyId(customer) + "/").isNotEqualTo(second);
        assertThat(info(customer, "webhookdb_api_key")).isEqualTo(second);
    }

    @Test
    void deletesOnlyWhenTheTableIsNamed() {
        TestingOrganization customer = TestingOrganization.of(system, "delete@example.org");
        customer.create("stripe_customer_v1");
        String id = onlyId(customer);
        String table = customer.only().path("table_name").asText();
        Answer asked = customer.post("/" + id + "/delete", Map.of("confirm", ""));
        assertThat(asked.status()).isEqualTo(422);
        assertThat(asked.header("Whdb-Prompt")).isEqualTo("confirm");
        assertThat(asked.step().path("output").asText()).contains(table);
        Answer again = customer.client().reply(asked, "stripe_customer_v1");
        assertThat(again.status()).isEqualTo(422);

        Answer deleted = customer.client().reply(again, table);

        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.message()).contains(table).doesNotContain("still being");
        assertThat(deleted.body().path("opaque_id").asText()).isEqualTo(id);
        assertThat(customer.ids()).isEmpty();
        assertThat(customer.post("/" + id + "/info", Map.of()).status()).isEqualTo(403);
        assertThat(customer.tables()).isEmpty();
        IntegrationControl control =
                (IntegrationControl)
                        TestingControlTopic.newest(system.bootstrap(), IntegrationControl.key(id))
                                .orElseThrow();
        assertThat(control.state()).isEqualTo(State.DELETED);
        assertThat(control.webhookSecretCiphertext()).isNull();
    }

    @Test
    void answersAsIfItWereGoneWhereItIsDeletedMeanwhile() throws Exception {
        TestingOrganization customer =
                TestingOrganization.of(system, "deleted-meanwhile@example.org");
        customer.create("stripe_customer_v1");
        String path = customer.onlyPath();
        try (var connection = TestingSystem.connect(system.application());
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(
                    "UPDATE integrations SET state = 'deleted' WHERE opaque_id = '"
                            + onlyId(customer)
                            + "'");
            CompletableFuture<Answer> answer =
                    CompletableFuture.supplyAsync(
                            () ->
                                    customer.client()
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
        TestingOrganization customer = TestingOrganization.of(system, "empty@example.org");
        JsonNode list = customer.client().get(customer.path()).body();

        assertThat(list.path("items").toString()).isEqualTo("[]");
        assertThat(list.path("message").asText()).contains("webhookdb integrations create");
        assertThat(list.path("display_headers").toString())
                .isEqualTo(
                        "[[\"service_name\",\"Name\"],[\"table_name\",\"Table\"],"
                                + "[\"opaque_id\",\"Id\"]]");
    }

    @Test
    void refusesMembersWhatOnlyAdminsMay() throws Exception {
        TestingOrganization customer = TestingOrganization.of(system, "plain-member@example.org");
        customer.create("stripe_customer_v1");
        try (var connection = TestingSystem.connect(system.application());
                var statement = connection.createStatement()) {
            statement.execute(
                    "UPDATE memberships SET role = 'member' WHERE organization_id = "
                            + customer.id());
        }

        assertThat(customer.create("stripe_price_v1").status()).isEqualTo(403);
        assertThat(customer.create("stripe_price_v1").code()).isEqualTo("permission_check");
        assertThat(customer.postOnly("/delete").status()).isEqualTo(403);
        assertThat(customer.postOnly("/setup").status()).isEqualTo(200);
    }

    private static Answer transition(TestingOrganization customer, String field, String value) {
        return customer.client()
                .post(customer.onlyPath() + "/transition/" + field, Map.of("value", value));
    }

    private static String info(TestingOrganization customer, String field) {
        return customer.client()
                .post(customer.onlyPath() + "/info", Map.of("field", field))
                .body()
                .at("/blocks/0/value")
                .asText();
    }

    private static String onlyId(TestingOrganization customer) {
        return customer.only().path("opaque_id").asText();
    }

    private static IntegrationControl control(TestingOrganization customer) {
        return customer.control(onlyId(customer));
    }
}
