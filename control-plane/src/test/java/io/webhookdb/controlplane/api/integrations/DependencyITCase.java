package io.webhookdb.controlplane.api.integrations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingOrganization;
import io.webhookdb.controlplane.TestingSystem;
import java.util.ArrayList;
import java.util.List;
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
        TestingOrganization customer = TestingOrganization.of(system, "no-candidate@example.org");

        JsonNode step = customer.createAnyway(CHILD).body();

        assertThat(step.path("complete").asBoolean()).isTrue();
        assertThat(step.path("needs_input").asBoolean()).isFalse();
        assertThat(step.path("error_code").asText()).isEqualTo("no_candidate_dependency");
        assertThat(step.path("output").asText()).contains(PARENT);
        assertThat(customer.ids()).isEmpty();
    }

    @Test
    void asksWhichIntegrationItDependsOn() {
        TestingOrganization customer = TestingOrganization.of(system, "candidates@example.org");
        customer.createAnyway(PARENT);
        customer.createAnyway(PARENT);
        List<String> parents = customer.ids();

        Answer asked = customer.createAnyway(CHILD);

        String child = customer.ids().get(2);
        assertThat(asked.status()).isEqualTo(200);
        assertThat(asked.step().path("needs_input").asBoolean()).isTrue();
        assertThat(asked.step().path("prompt").asText()).endsWith(":");
        assertThat(asked.step().path("post_to_url").asText())
                .isEqualTo(customer.path() + "/" + child + "/transition/dependency_choice");
        assertThat(asked.step().path("output").asText())
                .contains("1 - ", parents.get(0), "2 - ", parents.get(1));
        assertThat(orders(customer, child)).isEmpty();
        for (String wrong : new String[] {"0", "3", "x", "-1", "1.5", "99999999999"}) {
            assertThat(customer.client().reply(asked, wrong).code()).isEqualTo("invalid_input");
        }

        Answer done = customer.client().reply(asked, " 2 ");

        assertThat(done.step().path("complete").asBoolean()).as(done.text()).isTrue();
        assertThat(done.step().path("error_code").asText()).isEmpty();
        assertThat(customer.control(child).dependsOn()).isEqualTo(parents.get(1));
        assertThat(orders(customer, child)).hasSize(1);
        assertThat(customer.post("/" + child + "/setup").step().path("complete").asBoolean())
                .isTrue();
        assertThat(orders(customer, child)).as("setup of what is only fetched").hasSize(2);
    }

    @Test
    void takesTheFirstForABlankAnswer() {
        TestingOrganization customer =
                TestingOrganization.of(system, "first-candidate@example.org");
        customer.createAnyway(PARENT);

        customer.client().reply(customer.createAnyway(CHILD), "");

        assertThat(customer.control(customer.ids().get(1)).dependsOn())
                .isEqualTo(customer.ids().get(0));
    }

    @Test
    void deletesWhatDependsOnItToo() {
        TestingOrganization customer = TestingOrganization.of(system, "delete-tree@example.org");
        customer.createAnyway(PARENT);
        customer.client().reply(customer.createAnyway(CHILD), "1");
        customer.client().reply(customer.createAnyway(GRANDCHILD), "1");
        List<String> ids = customer.ids();
        String table = customer.integrations().get(0).path("table_name").asText();

        Answer asked = customer.post("/" + ids.get(0) + "/delete");

        assertThat(asked.step().path("output").asText()).contains(ids.get(1), ids.get(2));
        Answer deleted = customer.client().reply(asked, table);
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.message()).contains(ids.get(0), ids.get(1), ids.get(2));
        assertThat(customer.ids()).isEmpty();
        assertThat(customer.tables()).isEmpty();
    }

    private static List<JsonNode> orders(TestingOrganization customer, String integration) {
        List<JsonNode> orders = new ArrayList<>();
        customer.client()
                .get(customer.path() + "/" + integration + "/backfill/job")
                .body()
                .path("items")
                .forEach(orders::add);
        return orders;
    }
}
