package io.webhookdb.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.security.connection.PostgresUrl;
import java.util.Map;

/** An organization with one integration whose table is ready. */
public record TestingTenant(
        TestingSystem system,
        TestingClient client,
        long organization,
        String integration,
        String table) {

    /** A new customer's organization with a table of that service. */
    public static TestingTenant of(TestingSystem system, String email, String service) {
        TestingOrganization organization = TestingOrganization.of(system, email);
        organization.create(service);
        JsonNode only = organization.only();
        return new TestingTenant(
                system,
                organization.client(),
                organization.id(),
                only.path("opaque_id").asText(),
                only.path("table_name").asText());
    }

    /** Path of the integration. */
    public String path() {
        return "/v1/organizations/" + organization + "/service_integrations/" + integration;
    }

    /** What {@code db connection} prints. */
    public PostgresUrl reader() {
        return PostgresUrl.parse(
                client.get("/v1/db/" + organization + "/connection")
                        .body()
                        .path("connection_url")
                        .asText());
    }

    /** The owner, as jobs would connect. */
    public PostgresUrl owner() {
        OrganizationControl.Database database = control().database();
        return new PostgresUrl(
                database.host(),
                database.port(),
                database.name(),
                database.user(),
                system.keysets()
                        .connectionsOpener()
                        .open(
                                database.passwordCiphertext(),
                                OrganizationControl.ownerPasswordContext(organization)));
    }

    /** The organization's newest control record. */
    public OrganizationControl control() {
        return (OrganizationControl)
                TestingControlTopic.newest(
                                system.bootstrap(), OrganizationControl.key(organization))
                        .orElseThrow();
    }

    /** The answer of {@code db sql}. */
    public Answer sql(String query) {
        return client.post("/v1/db/" + organization + "/sql", Map.of("query", query));
    }

    /** A text that differs in its first letter. */
    public static String otherThan(String text) {
        return (text.charAt(0) == '0' ? '1' : '0') + text.substring(1);
    }
}
