package io.webhookdb.controlplane.api.services;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.sql.Connection;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class ServiceITCase {
    private final TestingSystem system;

    ServiceITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void listsAllOfTheCatalogueSinceAllCanBeFilledAndVerified() {
        TestingClient client = system.login("services@example.org");
        JsonNode list = client.get("/v1/organizations/services_example_org_org/services").body();

        assertThat(list.path("items").findValuesAsText("name"))
                .contains("stripe_customer_v1", "github_issue_v1", "twilio_sms_v1")
                .isEqualTo(
                        Catalog.load().services().stream().map(ServiceDefinition::name).toList());
        assertThat(list.path("display_headers").toString()).isEqualTo("[[\"name\",\"Name\"]]");
    }

    @Test
    void totalsAgreeWithTheList() {
        TestingClient client = system.login("totals@example.org");
        String path = "/v1/organizations/totals_example_org_org/services";
        int listed = client.get(path).body().path("items").size();
        Map<String, Integer> sums = new HashMap<>();
        JsonNode totals = client.get(path + "/totals").body().path("items");
        totals.forEach(
                total ->
                        sums.merge(
                                total.path("by").asText(),
                                total.path("tables").asInt(),
                                Integer::sum));

        assertThat(sums).isEqualTo(Map.of("all", listed, "source", listed, "tier", listed));
        assertThat(totals.findValuesAsText("name"))
                .containsExactly(
                        "all",
                        "published",
                        "sdk",
                        "constructed",
                        "own",
                        "plain",
                        "extended",
                        "coded");
    }

    @Test
    void givesFixturesThatRun() throws Exception {
        try (Connection connection = TestingSystem.connect(system.superuser());
                Statement statement = connection.createStatement()) {
            for (ServiceDefinition service : Catalog.load().services()) {
                Answer answer = system.client().get("/v1/services/" + service.name() + "/fixtures");
                String sql = answer.body().path("schema_sql").asText();
                assertThat(sql).contains(service.name() + "_fixture");
                boolean indexed =
                        service.columns().stream()
                                .anyMatch(column -> column.index() != Column.Index.NONE);
                assertThat(sql.contains("svi_fixture")).as(service.name()).isEqualTo(indexed);
                statement.execute(sql);
                statement.execute(rowOfAKeyAndItsData(service));
                statement.execute("DROP TABLE public." + service.name() + "_fixture");
            }
        }
    }

    /** All that tables of replicas ever asked of whoever fills them in a test. */
    private static String rowOfAKeyAndItsData(ServiceDefinition service) {
        String key =
                switch (service.key().type().sql()) {
                    case "text" -> "'1'";
                    case "uuid" -> "gen_random_uuid()";
                    default -> "1";
                };
        return "INSERT INTO public."
                + service.name()
                + "_fixture (\""
                + service.key().column()
                + "\", data) VALUES ("
                + key
                + ", '{}')";
    }

    @Test
    void knowsNoOtherService() {
        Answer refused = system.client().get("/v1/services/nothing_v1/fixtures");

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.message()).contains("nothing_v1");
    }
}
