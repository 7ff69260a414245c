package io.webhookdb.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.schemas.control.IntegrationControl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A customer with their organization, and what is asked of its integrations. */
public record TestingOrganization(TestingSystem system, TestingClient client, long id) {

    /** A new customer's. */
    public static TestingOrganization of(TestingSystem system, String email) {
        TestingClient client = system.login(email);
        return new TestingOrganization(
                system,
                client,
                client.get("/v1/me").body().at("/default_organization/id").asLong());
    }

    /** Where its integrations are. */
    public String path() {
        return "/v1/organizations/" + id + "/service_integrations";
    }

    public Answer post(String below) {
        return client.post(path() + below);
    }

    public Answer post(String below, Object body) {
        return client.post(path() + below, body);
    }

    /** Asks for an integration. */
    public Answer create(String service) {
        return post("/create", Map.of("service_name", service));
    }

    /** The same, whatever the api would ask back. */
    public Answer createAnyway(String service) {
        return post("/create", Map.of("service_name", service, "guard_confirm", ""));
    }

    public List<JsonNode> integrations() {
        List<JsonNode> items = new ArrayList<>();
        client.get(path()).body().path("items").forEach(items::add);
        return items;
    }

    /** Ids of the integrations. */
    public List<String> ids() {
        return integrations().stream().map(item -> item.path("opaque_id").asText()).toList();
    }

    /** The integration, where there is one. */
    public JsonNode only() {
        return assertThat(integrations()).singleElement().actual();
    }

    /** Path of the only integration. */
    public String onlyPath() {
        return path() + "/" + only().path("opaque_id").asText();
    }

    /** Posts to the only integration. */
    public Answer postOnly(String below) {
        return client.post(onlyPath() + below);
    }

    /** What the jobs are told of an integration. */
    public IntegrationControl control(String integration) {
        return (IntegrationControl)
                TestingControlTopic.newest(system.bootstrap(), IntegrationControl.key(integration))
                        .orElseThrow();
    }

    /** Names of its tables. */
    public JsonNode tables() {
        return client.get("/v1/db/" + id + "/tables").body().path("tables");
    }
}
