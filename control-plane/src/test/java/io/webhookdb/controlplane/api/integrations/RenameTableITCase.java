package io.webhookdb.controlplane.api.integrations;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingControlTopic;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.schemas.control.IntegrationControl;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class RenameTableITCase {
    private final TestingSystem system;

    RenameTableITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void renamesTheTableWithItsRowsAndTellsEveryone() throws Exception {
        TestingTenant tenant = tenant("r1@example.org");
        long before = control(tenant).revision();
        try (Connection owner = TestingSystem.connect(tenant.owner());
                Statement statement = owner.createStatement()) {
            statement.execute(
                    "INSERT INTO "
                            + tenant.table()
                            + " (stripe_id, _version, _synced_at, data) VALUES ('ch_1', '', now(),"
                            + " '{}')");
        }

        Answer renamed = rename(tenant, "My Charges_2\n");

        assertThat(renamed.status()).isEqualTo(200);
        assertThat(renamed.body().path("table_name").asText()).isEqualTo("My Charges_2");
        assertThat(renamed.body().path("opaque_id").asText()).isEqualTo(tenant.integration());
        assertThat(renamed.message()).contains("My Charges_2").doesNotContain("still being");
        assertThat(control(tenant).table()).isEqualTo("My Charges_2");
        assertThat(control(tenant).revision()).isGreaterThan(before);
        assertThat(
                        tenant.sql("SELECT stripe_id FROM \"My Charges_2\"")
                                .body()
                                .at("/rows/0/0")
                                .asText())
                .isEqualTo("ch_1");
        assertThat(tables(tenant)).containsExactly("My Charges_2");
    }

    @Test
    void renamesAgainAndBack() throws Exception {
        TestingTenant tenant = tenant("r2@example.org");

        for (String name : List.of("first", "Second", tenant.table(), tenant.table(), "third")) {
            assertThat(rename(tenant, name).status()).as(name).isEqualTo(200);
            assertThat(tables(tenant)).containsExactly(name);
            assertThat(control(tenant).table()).isEqualTo(name);
        }
    }

    @Test
    void dropsTheRenamedTableWithItsIntegration() throws Exception {
        TestingTenant tenant = tenant("r3@example.org");
        rename(tenant, "renamed");

        Answer deleted = tenant.client().post(path(tenant, "delete"), Map.of("confirm", "renamed"));

        assertThat(deleted.status()).isEqualTo(200);
        assertThat(tables(tenant)).isEmpty();
    }

    @Test
    void refusesTheNameOfAnotherIntegration() {
        TestingTenant tenant = tenant("r4@example.org");
        String integrations =
                "/v1/organizations/" + tenant.organization() + "/service_integrations";
        tenant.client()
                .post(integrations + "/create", Map.of("service_name", "stripe_customer_v1"));
        String other = tenant.client().get(integrations).body().at("/items/1/table_name").asText();

        Answer refused = rename(tenant, other);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("invalid_input");
        assertThat(refused.message()).contains(other);
        assertThat(control(tenant).table()).isEqualTo(tenant.table());
    }

    @Test
    void refusesTheNameOfSomethingElseInTheDatabase() throws Exception {
        TestingTenant tenant = tenant("r5@example.org");
        try (Connection owner = TestingSystem.connect(tenant.owner());
                Statement statement = owner.createStatement()) {
            statement.execute("CREATE VIEW public.taken AS SELECT 1 AS one");
        }

        Answer refused = rename(tenant, "taken");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("invalid_input");
        assertThat(control(tenant).table()).isEqualTo(tenant.table());
        assertThat(rename(tenant, "free").status()).isEqualTo(200);
        assertThat(control(tenant).table()).isEqualTo("free");
    }

    @Test
    void findsATableWhoseRenamingNobodyNoted() throws Exception {
        TestingTenant tenant = tenant("r6@example.org");
        rename(tenant, "noted");
        try (Connection owner = TestingSystem.connect(tenant.owner());
                Statement statement = owner.createStatement()) {
            statement.execute("ALTER TABLE public.noted RENAME TO unnoted");
        }

        assertThat(rename(tenant, "unnoted").status()).isEqualTo(200);
        assertThat(rename(tenant, "again").status()).isEqualTo(200);
        assertThat(tables(tenant)).containsExactly("again");
    }

    @Test
    void refusesNamesThatAreNoIdentifiers() {
        TestingTenant tenant = tenant("r7@example.org");

        for (String name :
                List.of("1st", "_x", "a-b", "a\"b", "a;b", "a.b", "\u00fcber", "x".repeat(64))) {
            Answer refused = rename(tenant, name);
            assertThat(refused.status()).as(name).isEqualTo(400);
            assertThat(refused.code()).isEqualTo("validation_error");
            assertThat(refused.body().at("/error/field_errors/new_name").isArray()).isTrue();
        }
        assertThat(rename(tenant, "x".repeat(63)).status()).isEqualTo(200);
    }

    @Test
    void asksForTheNewName() {
        TestingTenant tenant = tenant("r8@example.org");
        Answer asked = rename(tenant, "");
        assertThat(asked.status()).isEqualTo(422);
        assertThat(asked.header("Whdb-Prompt")).isEqualTo("new_name");

        assertThat(tenant.client().reply(asked, "answered").body().path("table_name").asText())
                .isEqualTo("answered");
    }

    @Test
    void leavesRenamingToAdmins() throws SQLException {
        TestingTenant tenant = tenant("r9@example.org");
        String invited =
                tenant.client()
                        .post(
                                "/v1/organizations/" + tenant.organization() + "/invite",
                                Map.of("email", "r9-member@example.org"))
                        .message();
        int start = invited.indexOf("join-");
        TestingClient member = system.login("r9-member@example.org");
        member.post(
                "/v1/organizations/join",
                Map.of("invitation_code", invited.substring(start, start + 13)));

        assertThat(member.post(path(tenant, "rename_table"), Map.of("new_name", "mine")).status())
                .isEqualTo(403);
        assertThat(member.get(path(tenant, "stats")).status()).isEqualTo(200);
        assertThat(tables(tenant)).containsExactly(tenant.table());
    }

    private TestingTenant tenant(String email) {
        return TestingTenant.of(system, email, "stripe_charge_v1");
    }

    private static String path(TestingTenant tenant, String verb) {
        return tenant.path() + "/" + verb;
    }

    private static Answer rename(TestingTenant tenant, String name) {
        return tenant.client().post(path(tenant, "rename_table"), Map.of("new_name", name));
    }

    private static List<String> tables(TestingTenant tenant) {
        List<String> tables = new java.util.ArrayList<>();
        tenant.client()
                .get("/v1/db/" + tenant.organization() + "/tables")
                .body()
                .path("tables")
                .forEach(table -> tables.add(table.asText()));
        return tables;
    }

    private IntegrationControl control(TestingTenant tenant) {
        return (IntegrationControl)
                TestingControlTopic.newest(
                                system.bootstrap(), IntegrationControl.key(tenant.integration()))
                        .orElseThrow();
    }
}
