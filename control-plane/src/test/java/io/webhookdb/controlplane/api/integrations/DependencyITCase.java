package io.webhookdb.controlplane.api.integrations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingControlTopic;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.schemas.control.IntegrationControl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Integrations that depend on another: which one is a question, and they go with it. */
@ExtendWith(SharedControlPlane.class)
class DependencyITCase {
    private static final String PARENT = "sponsy_publication_v1";
    private static final String CHILD = "sponsy_slot_v1";
    private static final String GRANDCHILD = "sponsy_customer_v1";

    private final TestingSystem system;

    DependencyITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void makesNothingWhereThereIsNothingToDependOn() {
        Setting setting = setting("no-candidate@example.org");

        JsonNode step = setting.create(CHILD).body();

        assertThat(step.path("complete").asBoolean()).isTrue();
        assertThat(step.path("needs_input").asBoolean()).isFalse();
        assertThat(step.path("error_code").asText()).isEqualTo("no_candidate_dependency");
        assertThat(step.path("output").asText()).contains(PARENT);
        assertThat(setting.ids()).isEmpty();
    }

    @Test
    void asksWhichIntegrationItDependsOn() {
        Setting setting = setting("candidates@example.org");
        setting.create(PARENT);
        setting.create(PARENT);
        List<String> parents = setting.ids();

        Answer asked = setting.create(CHILD);

        String child = setting.ids().get(2);
        assertThat(asked.status()).isEqualTo(200);
        assertThat(asked.step().path("needs_input").asBoolean()).isTrue();
        assertThat(asked.step().path("prompt").asText()).endsWith(":");
        assertThat(asked.step().path("post_to_url").asText())
                .isEqualTo(setting.path() + "/" + child + "/transition/dependency_choice");
        assertThat(asked.step().path("output").asText())
                .contains("1 - ", parents.get(0), "2 - ", parents.get(1));
        assertThat(setting.orders(child)).isEmpty();
        for (String wrong : new String[] {"0", "3", "x", "-1", "1.5", "99999999999"}) {
            assertThat(setting.client().reply(asked, wrong).code()).isEqualTo("invalid_input");
        }

        Answer done = setting.client().reply(asked, " 2 ");

        assertThat(done.step().path("complete").asBoolean()).as(done.text()).isTrue();
        assertThat(done.step().path("error_code").asText()).isEmpty();
        assertThat(setting.control(child).dependsOn()).isEqualTo(parents.get(1));
        assertThat(setting.orders(child)).hasSize(1);
        assertThat(setting.post("/" + child + "/setup").step().path("complete").asBoolean())
                .isTrue();
        assertThat(setting.orders(child)).as("setup of what is only fetched").hasSize(2);
    }

    @Test
    void takesTheFirstForABlankAnswer() {
        Setting setting = setting("first-candidate@example.org");
        setting.create(PARENT);

        setting.client().reply(setting.create(CHILD), "");

        assertThat(setting.control(setting.ids().get(1)).dependsOn())
                .isEqualTo(setting.ids().get(0));
    }

    @Test
    void deletesWhatDependsOnItToo() {
        Setting setting = setting("delete-tree@example.org");
        setting.create(PARENT);
        setting.client().reply(setting.create(CHILD), "1");
        setting.client().reply(setting.create(GRANDCHILD), "1");
        List<String> ids = setting.ids();
        String table = setting.items().get(0).path("table_name").asText();

        Answer asked = setting.post("/" + ids.get(0) + "/delete");

        assertThat(asked.step().path("output").asText()).contains(ids.get(1), ids.get(2));
        Answer deleted = setting.client().reply(asked, table);
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.message()).contains(ids.get(0), ids.get(1), ids.get(2));
        assertThat(setting.ids()).isEmpty();
        assertThat(
                        setting.client()
                                .get("/v1/db/" + setting.organization() + "/tables")
                                .body()
                                .path("tables")
                                .size())
                .isZero();
    }

    private Setting setting(String email) {
        TestingClient client = system.login(email);
        return new Setting(
                system,
                client,
                client.get("/v1/me").body().at("/default_organization/id").asLong());
    }

    private record Setting(TestingSystem system, TestingClient client, long organization) {
        String path() {
            return "/v1/organizations/" + organization + "/service_integrations";
        }

        Answer post(String below) {
            return client.post(path() + below);
        }

        Answer create(String service) {
            return client.post(
                    path() + "/create", Map.of("service_name", service, "guard_confirm", ""));
        }

        List<JsonNode> items() {
            List<JsonNode> items = new ArrayList<>();
            client.get(path()).body().path("items").forEach(items::add);
            return items;
        }

        List<String> ids() {
            return items().stream().map(item -> item.path("opaque_id").asText()).toList();
        }

        List<JsonNode> orders(String integration) {
            List<JsonNode> orders = new ArrayList<>();
            client.get(path() + "/" + integration + "/backfill/job")
                    .body()
                    .path("items")
                    .forEach(orders::add);
            return orders;
        }

        IntegrationControl control(String integration) {
            return (IntegrationControl)
                    TestingControlTopic.newest(
                                    system.bootstrap(), IntegrationControl.key(integration))
                            .orElseThrow();
        }
    }
}
