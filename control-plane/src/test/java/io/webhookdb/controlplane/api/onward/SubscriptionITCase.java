package io.webhookdb.controlplane.api.onward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingControlTopic;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.schemas.change.ChangeFilter;
import io.webhookdb.schemas.change.RowChange;
import io.webhookdb.schemas.change.RowForm;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.schemas.control.SubscriptionSettings;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedControlPlane.class)
class SubscriptionITCase {
    private final TestingSystem system;

    SubscriptionITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void asksForIntegrationUrlAndSecretAndThenTellsTheJobs() {
        TestingTenant tenant = tenant("subscribe@example.org");
        String path = path(tenant);
        TestingClient client = tenant.client();

        Answer integration =
                client.post(path + "/create", Map.of("url", " ", "webhook_secret", ""));
        assertThat(integration.status()).isEqualTo(422);
        assertThat(integration.header("Whdb-Prompt")).isEqualTo("service_integration_identifier");
        Answer url = client.reply(integration, "stripe_customer_v1");
        assertThat(url.header("Whdb-Prompt")).isEqualTo("url");
        assertThat(url.step().path("prompt_is_secret").asBoolean()).isFalse();
        Answer secret = client.reply(url, "http://127.0.0.1:9/hook");
        assertThat(secret.header("Whdb-Prompt")).isEqualTo("webhook_secret");
        assertThat(secret.step().path("prompt_is_secret").asBoolean()).isTrue();
        Answer created = client.reply(secret, "s3cret");

        assertThat(created.status()).isEqualTo(200);
        String id = created.body().path("opaque_id").asText();
        assertThat(id).matches("wsb_[0-9a-z]{10,25}");
        assertThat(created.body().path("deliver_to_url").asText())
                .isEqualTo("http://127.0.0.1:9/hook");
        assertThat(created.body().path("status").asText()).isEqualTo("active");
        assertThat(created.body().path("associated_type").asText())
                .isEqualTo("service_integration");
        assertThat(created.body().path("associated_id").asText()).isEqualTo(tenant.integration());
        assertThat(created.body().at("/service_integration/opaque_id").asText())
                .isEqualTo(tenant.integration());
        assertThat(created.message()).contains(id).doesNotContain("still being set up");

        SubscriptionControl record = newest(id);
        assertThat(record.revision()).isEqualTo(1);
        assertThat(record.organization()).isEqualTo(tenant.organization());
        assertThat(record.integration()).isEqualTo(tenant.integration());
        assertThat(record.state()).isEqualTo(State.ACTIVE);
        assertThat(record.testsRequested()).isZero();
        assertThat(
                        system.keysets()
                                .connectionsOpener()
                                .open(
                                        record.secretCiphertext(),
                                        SubscriptionControl.secretContext(id)))
                .isEqualTo("s3cret");
        assertThat(created.text()).doesNotContain("s3cret");
    }

    @Test
    void listensToTheWholeOrganizationIfAskedTo() {
        TestingTenant tenant = tenant("whole@example.org");
        JsonNode created = create(tenant, "org", "https://1.1.1.1/all").body();
        assertThat(created.path("associated_type").asText()).isEqualTo("organization");
        assertThat(created.path("associated_id").asText()).isEqualTo("whole_example_org_org");
        assertThat(created.path("service_integration").isNull()).isTrue();
        assertThat(newest(created.path("opaque_id").asText()).integration()).isNull();
    }

    @Test
    void growsWithEveryTestAndEndsWithItsDeletion() {
        TestingTenant tenant = tenant("tested@example.org");
        String path = path(tenant);
        String id =
                create(tenant, tenant.table(), "https://1.1.1.1/x")
                        .body()
                        .path("opaque_id")
                        .asText();
        assertThat(tenant.client().post(path + "/" + id + "/test", Map.of()).status())
                .isEqualTo(200);
        assertThat(tenant.client().post(path + "/" + id + "/test").message()).contains("1.1.1.1");
        assertThat(newest(id).testsRequested()).isEqualTo(2);
        JsonNode listed = tenant.client().get(path).body();
        assertThat(listed.path("total_count").asInt()).isEqualTo(1);
        assertThat(listed.at("/items/0/opaque_id").asText()).isEqualTo(id);
        assertThat(listed.at("/display_headers/1/1").asText()).isEqualTo("Url");

        assertThat(tenant.client().post(path + "/" + id + "/delete", Map.of()).status())
                .isEqualTo(200);

        List<SubscriptionControl> records =
                TestingControlTopic.of(
                        system.bootstrap(),
                        SubscriptionControl.class,
                        SubscriptionControl::organization,
                        tenant.organization());
        assertThat(records)
                .extracting(SubscriptionControl::revision)
                .containsExactly(1L, 2L, 3L, 4L);
        assertThat(newest(id).state()).isEqualTo(State.DELETED);
        assertThat(newest(id).secretCiphertext()).isNull();
        assertThat(tenant.client().get(path).body().path("items").size()).isZero();
        assertThat(tenant.client().post(path + "/" + id + "/delete").status()).isEqualTo(403);
        assertThat(tenant.client().post(path + "/" + id + "/test").code())
                .isEqualTo("permission_check");
    }

    @Test
    void endsWithItsIntegration() {
        TestingTenant tenant = tenant("with@example.org");
        String id =
                create(tenant, tenant.integration(), "https://1.1.1.1/x")
                        .body()
                        .path("opaque_id")
                        .asText();
        String integration = tenant.path();
        assertThat(
                        tenant.client()
                                .post(integration + "/delete", Map.of("confirm", tenant.table()))
                                .status())
                .isEqualTo(200);
        org.awaitility.Awaitility.await().until(() -> newest(id).state() == State.DELETED);
        assertThat(tenant.client().get(path(tenant)).body().path("items").size()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://1.1.1.1/, Allowed schemes",
        "1.1.1.1, Allowed schemes",
        "https:///x, Allowed schemes",
        "https://1.1.1.1:99999/, Allowed schemes",
        "https://a:b@1.1.1.1/, no user or password",
        "https://10.0.0.1/, private",
        "https://169.254.169.254/latest, metadata",
        "https://[::1]/, loopback",
        "https://[::ffff:10.0.0.1]/, private",
        "http://1.1.1.1/, plain http"
    })
    void refusesAUrlThatMayNotBeCalled(String url, String why) {
        TestingTenant tenant = tenant("url@example.org");
        Answer refused = create(tenant, "org", url);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("validation_error");
        assertThat(refused.body().at("/error/field_errors/url").isArray()).isTrue();
        assertThat(refused.message()).contains(why);
        assertThat(tenant.client().get(path(tenant)).body().path("items").size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"two\nlines", "snow\u2603"})
    void refusesASecretThatIsNoHeader(String secret) {
        TestingTenant tenant = tenant("secret@example.org");
        Answer refused =
                tenant.client()
                        .post(
                                path(tenant) + "/create",
                                Map.of(
                                        "service_integration_identifier",
                                        "org",
                                        "url",
                                        "https://1.1.1.1/",
                                        "webhook_secret",
                                        secret));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().at("/error/field_errors/webhook_secret").isArray()).isTrue();
    }

    @Test
    void areNobodyElsesBusiness() {
        TestingTenant tenant = tenant("mine@example.org");
        TestingTenant other = tenant("other@example.org");
        String id = create(tenant, "org", "https://1.1.1.1/").body().path("opaque_id").asText();
        assertThat(other.client().get(path(tenant)).status()).isEqualTo(403);
        assertThat(other.client().post(path(other) + "/" + id + "/delete").status()).isEqualTo(403);
        assertThat(create(other, tenant.integration(), "https://1.1.1.1/").status()).isEqualTo(403);
        assertThat(system.client().get(path(tenant)).status()).isEqualTo(401);
        assertThat(newest(id).state()).isEqualTo(State.ACTIVE);
    }

    /** A condition on a column nobody has would never hold: nothing would ever be told. */
    @Test
    void refusesFiltersByColumnsTheTableDoesNotHave() {
        TestingTenant tenant = tenant("misspelt@example.org");
        TestingClient client = tenant.client();
        Map<String, Object> good =
                Map.of(
                        "service_integration_identifier", tenant.integration(),
                        "url", "https://1.1.1.1/x",
                        "webhook_secret", "s3cret",
                        "changed_columns", "balance",
                        "where", List.of("balance gt 5", "stripe_id ne cus_0"));
        Map<String, Object> misspelt = new LinkedHashMap<>(good);
        misspelt.put("where", "blance gt 5");

        Answer refused = client.post(path(tenant) + "/create", misspelt);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().at("/error/field_errors/where/0").asText())
                .contains("blance")
                .contains("balance");

        Answer created = client.post(path(tenant) + "/create", good);
        assertThat(created.status()).isEqualTo(200);
        String one = path(tenant) + "/" + created.body().path("opaque_id").asText();
        assertThat(client.post(one + "/update", Map.of("changed_columns", "blance")).status())
                .isEqualTo(400);
        assertThat(client.post(one + "/update", Map.of("timeout", 5)).status()).isEqualTo(200);
    }

    @Test
    void takesSettingsBeyondTheContractAndChangesThemOneByOne() {
        TestingTenant tenant = tenant("settings@example.org");
        TestingClient client = tenant.client();
        String id =
                client.post(
                                path(tenant) + "/create",
                                Map.of(
                                        "service_integration_identifier", "org",
                                        "url", "https://1.1.1.1/x",
                                        "webhook_secret", "s3cret",
                                        "event_types", List.of("inserted"),
                                        "where", List.of("balance gt 5", "name is_null"),
                                        "ordering", "ordered",
                                        "row_data", "text",
                                        "rate_limit", 7,
                                        "signature", "ed25519"))
                        .body()
                        .path("opaque_id")
                        .asText();

        Answer changed =
                client.post(
                        path(tenant) + "/" + id + "/update",
                        Map.of("where", "", "timeout", 20, "concurrency", 3));

        assertThat(changed.status()).isEqualTo(200);
        SubscriptionControl record = newest(id);
        assertThat(record.ordering()).isEqualTo(SubscriptionControl.Ordering.ORDERED);
        SubscriptionSettings settings = record.settings();
        assertThat(settings.filter())
                .isEqualTo(new ChangeFilter(Set.of(RowChange.Op.INSERT), List.of(), List.of()));
        assertThat(settings.rowForm()).isEqualTo(RowForm.TEXT);
        assertThat(settings.ratePerSecond()).isEqualTo(7);
        assertThat(settings.timeoutSeconds()).isEqualTo(20);
        assertThat(settings.mostConcurrent()).isEqualTo(3);
        assertThat(
                        system.keysets()
                                .connectionsOpener()
                                .open(
                                        settings.signingKey().ciphertext(),
                                        SubscriptionSettings.SigningKey.context(id)))
                .startsWith("whsk_");
        JsonNode shown = client.get(path(tenant) + "/" + id).body();
        assertThat(shown.path("verifying_key").asText()).startsWith("whpk_");
        assertThat(shown.path("event_types").get(0).asText()).isEqualTo("inserted");
    }

    @ParameterizedTest
    @CsvSource({
        "where, balance above 5",
        "event_types, changed",
        "rate_limit, -1",
        "timeout, 31",
        "ordering, sorted",
        "row_data, xml",
        "signature, rsa",
        "function_url, ftp://x"
    })
    void saysWhichSettingIsWrong(String field, String value) {
        TestingTenant tenant = tenant("wrong@example.org");
        String id = create(tenant, "org", "https://1.1.1.1/x").body().path("opaque_id").asText();

        Answer refused =
                tenant.client().post(path(tenant) + "/" + id + "/update", Map.of(field, value));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().at("/error/field_errors/" + field).isArray()).isTrue();
    }

    @Test
    void rollsTheSecretWithAnOverlapAndPausesAndResumes() {
        TestingTenant tenant = tenant("roll@example.org");
        TestingClient client = tenant.client();
        String id = create(tenant, "org", "https://1.1.1.1/x").body().path("opaque_id").asText();
        String path = path(tenant) + "/" + id;
        String context = SubscriptionControl.secretContext(id);

        client.post(path + "/roll_secret", Map.of("webhook_secret", "other"));

        SubscriptionControl record = newest(id);
        assertThat(system.keysets().connectionsOpener().open(record.secretCiphertext(), context))
                .isEqualTo("other");
        assertThat(
                        system.keysets()
                                .connectionsOpener()
                                .open(record.settings().former().ciphertext(), context))
                .isEqualTo("s3cret");
        assertThat(record.settings().former().signsAt(Instant.now())).isTrue();
        assertThat(client.post(path + "/pause").body().path("status").asText())
                .isEqualTo("deactivated");
        assertThat(newest(id).delivery()).isEqualTo(SubscriptionControl.Delivery.PAUSE);
        client.post(path + "/resume");
        assertThat(newest(id).delivery()).isEqualTo(SubscriptionControl.Delivery.SEND);
        assertThat(newest(id).settings()).isEqualTo(record.settings());
    }

    private TestingTenant tenant(String email) {
        return TestingTenant.of(system, email, "stripe_customer_v1");
    }

    private static String path(TestingTenant tenant) {
        return "/v1/organizations/" + tenant.organization() + "/webhook_subscriptions";
    }

    private static Answer create(TestingTenant tenant, String integration, String url) {
        return tenant.client()
                .post(
                        path(tenant) + "/create",
                        Map.of(
                                "service_integration_identifier",
                                integration,
                                "url",
                                url,
                                "webhook_secret",
                                "s3cret"));
    }

    private SubscriptionControl newest(String id) {
        return (SubscriptionControl)
                TestingControlTopic.newest(system.bootstrap(), "subscription/" + id).orElseThrow();
    }
}
