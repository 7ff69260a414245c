package io.webhookdb.controlplane.api.organizations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class MemberITCase {
    private final TestingSystem system;

    MemberITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void invitesSomebodyWhoHasNoAccountYet() {
        Tenant tenant = tenant("m1-boss@example.org");
        Answer invited = tenant.post("invite", Map.of("email", " M1-New@Example.org\n"));

        assertThat(invited.status()).isEqualTo(200);
        assertThat(invited.body().path("email").asText()).isEqualTo("m1-new@example.org");
        assertThat(invited.body().path("status").asText()).isEqualTo("invited");
        assertThat(invited.body().at("/organization/id").asLong()).isEqualTo(tenant.id());
        String code = code(invited);
        assertThat(system.printed()).contains("invitation code for m1-new@example.org: " + code);
        assertThat(tenant.statusOf("m1-new@example.org")).isEqualTo("invited");

        TestingClient newcomer = system.login("m1-new@example.org");
        JsonNode me = newcomer.get("/v1/me").body();
        assertThat(me.path("invitations_formatted").asText()).endsWith(": " + code);
        assertThat(newcomer.get(tenant.path("members")).status()).isEqualTo(403);

        Answer joined =
                newcomer.post("/v1/organizations/join", Map.of("invitation_code", code + "\n"));
        assertThat(joined.status()).isEqualTo(200);
        assertThat(joined.body().at("/organization/id").isIntegralNumber()).isTrue();
        assertThat(joined.body().at("/organization/key").isTextual()).isTrue();
        assertThat(joined.body().path("status").asText()).isEqualTo("member");
        assertThat(joined.message()).isNotEmpty();
        assertThat(newcomer.get(tenant.path("members")).status()).isEqualTo(200);
        assertThat(tenant.statusOf("m1-new@example.org")).isEqualTo("member");
    }

    @Test
    void acceptsACodeOnce() {
        Tenant tenant = tenant("m2-boss@example.org");
        String code = code(tenant.post("invite", Map.of("email", "m2-new@example.org")));
        TestingClient newcomer = system.login("m2-new@example.org");
        newcomer.post("/v1/organizations/join", Map.of("invitation_code", code));

        Answer again = newcomer.post("/v1/organizations/join", Map.of("invitation_code", code));

        assertThat(again.status()).isEqualTo(400);
        assertThat(again.code()).isEqualTo("validation_error");
        assertThat(again.body().at("/error/field_errors/invitation_code").isArray()).isTrue();
    }

    @Test
    void refusesACodeOfSomebodyElse() {
        Tenant tenant = tenant("m3-boss@example.org");
        String code = code(tenant.post("invite", Map.of("email", "m3-new@example.org")));
        TestingClient thief = system.login("m3-thief@example.org");

        assertThat(thief.post("/v1/organizations/join", Map.of("invitation_code", code)).status())
                .isEqualTo(400);
        assertThat(thief.get(tenant.path("members")).status()).isEqualTo(403);
    }

    @Test
    void replacesAnInvitationThatWasNotAccepted() {
        Tenant tenant = tenant("m4-boss@example.org");
        String first = code(tenant.post("invite", Map.of("email", "m4-new@example.org")));
        String second =
                code(
                        tenant.post(
                                "invite",
                                Map.of("email", "m4-new@example.org", "role_name", "admin")));
        TestingClient newcomer = system.login("m4-new@example.org");

        assertThat(second).isNotEqualTo(first);
        assertThat(
                        newcomer.post("/v1/organizations/join", Map.of("invitation_code", first))
                                .status())
                .isEqualTo(400);
        newcomer.post("/v1/organizations/join", Map.of("invitation_code", second.toUpperCase()));
        assertThat(tenant.statusOf("m4-new@example.org")).isEqualTo("admin");
    }

    @Test
    void refusesToInviteAMemberOrIntoAnUnknownRole() {
        Tenant tenant = tenant("m5-boss@example.org");
        tenant.join("m5-there@example.org", "member");

        Answer member = tenant.post("invite", Map.of("email", "m5-there@example.org"));
        Answer role =
                tenant.post(
                        "invite", Map.of("email", "m5-x@example.org", "role_name", "superuser"));
        Answer address = tenant.post("invite", Map.of("email", "nobody"));

        for (Answer refused : List.of(member, role, address)) {
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.code()).isEqualTo("validation_error");
        }
        assertThat(role.message()).contains("admin").contains("member");
        assertThat(tenant.statusOf("m5-x@example.org")).isEmpty();
    }

    @Test
    void asksWhomToInvite() {
        Tenant tenant = tenant("m6-boss@example.org");
        Answer asked = tenant.post("invite", Map.of("email", ""));
        assertThat(asked.status()).isEqualTo(422);
        assertThat(asked.header("Whdb-Prompt")).isEqualTo("email");

        Answer invited = tenant.client().reply(asked, "m6-new@example.org");

        assertThat(invited.status()).isEqualTo(200);
        assertThat(code(invited)).startsWith("join-");
    }

    @Test
    void asksForTheCodeToJoinWith() {
        TestingClient client = system.login("m7-new@example.org");
        Answer asked = client.post("/v1/organizations/join", Map.of("invitation_code", "\n"));

        assertThat(asked.status()).isEqualTo(422);
        assertThat(asked.header("Whdb-Prompt")).isEqualTo("invitation_code");
        assertThat(client.reply(asked, "join-00000000").status()).isEqualTo(400);
    }

    @Test
    void removesMembersAndInvitations() {
        Tenant tenant = tenant("m8-boss@example.org");
        TestingClient member = tenant.join("m8-there@example.org", "member");
        tenant.post("invite", Map.of("email", "m8-invited@example.org"));

        Answer removed = tenant.post("remove_member", Map.of("email", "M8-There@example.org\n"));
        Answer takenBack = tenant.post("remove_member", Map.of("email", "m8-invited@example.org"));
        Answer unknown = tenant.post("remove_member", Map.of("email", "m8-invited@example.org"));

        assertThat(removed.status()).isEqualTo(200);
        assertThat(removed.message()).contains("roll-credentials");
        assertThat(takenBack.status()).isEqualTo(200);
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(member.get(tenant.path("members")).status()).isEqualTo(403);
        assertThat(tenant.items()).hasSize(1);
    }

    @Test
    void findsAnotherDefaultForWhoWasRemoved() {
        Tenant tenant = tenant("m9-boss@example.org");
        TestingClient other = system.login("m9-other@example.org");
        long own = other.get("/v1/me").body().at("/default_organization/id").asLong();
        other.post("/v1/organizations/create", Map.of("name", "M9 Shared"));
        String code =
                code(
                        other.post(
                                "/v1/organizations/m9_shared/invite",
                                Map.of("email", "m9-boss@example.org", "role_name", "admin")));
        tenant.client().post("/v1/organizations/join", Map.of("invitation_code", code));

        Answer removed =
                tenant.client()
                        .post(
                                "/v1/organizations/m9_shared/remove_member",
                                Map.of("email", "m9-other@example.org"));

        assertThat(removed.status()).isEqualTo(200);
        assertThat(other.get("/v1/me").body().at("/default_organization/id").asLong())
                .isEqualTo(own);
    }

    @Test
    void asksBeforeAnAdminRemovesThemselves() {
        Tenant tenant = tenant("m10-boss@example.org");
        tenant.join("m10-second@example.org", "admin");

        Answer asked = tenant.post("remove_member", Map.of("email", "m10-boss@example.org"));
        assertThat(asked.status()).isEqualTo(422);
        assertThat(asked.header("Whdb-Prompt")).isEqualTo("guard_confirm");
        assertThat(asked.step().path("output").asText()).isNotEmpty();
        assertThat(tenant.items()).hasSize(2);

        assertThat(tenant.client().reply(asked, "").status()).isEqualTo(200);
        assertThat(tenant.client().get(tenant.path("members")).status()).isEqualTo(403);
    }

    @Test
    void keepsTheLastAdmin() {
        Tenant tenant = tenant("m11-boss@example.org");
        tenant.join("m11-member@example.org", "member");
        tenant.post("invite", Map.of("email", "m11-invited@example.org", "role_name", "admin"));

        Answer removed =
                tenant.post(
                        "remove_member",
                        Map.of("email", "m11-boss@example.org", "guard_confirm", ""));
        Answer demoted =
                tenant.post(
                        "change_roles",
                        Map.of(
                                "emails",
                                "m11-boss@example.org,m11-member@example.org",
                                "role_name",
                                "member",
                                "guard_confirm",
                                ""));

        for (Answer refused : List.of(removed, demoted)) {
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.code()).isEqualTo("remove_last_admin");
        }
        assertThat(tenant.statusOf("m11-boss@example.org")).isEqualTo("admin");
    }

    /** Each alone is allowed; both together would leave nobody. */
    @Test
    void keepsAnAdminWhenTwoRemoveEachOther() {
        for (int round = 0; round < 5; round++) {
            String first = "m12-" + round + "-a@example.org";
            String second = "m12-" + round + "-b@example.org";
            Tenant tenant = tenant(first);
            TestingClient other = tenant.join(second, "admin");

            List<CompletableFuture<Answer>> tries =
                    Stream.of(
                                    CompletableFuture.supplyAsync(
                                            () ->
                                                    tenant.post(
                                                            "remove_member",
                                                            Map.of("email", second))),
                                    CompletableFuture.supplyAsync(
                                            () ->
                                                    other.post(
                                                            tenant.path("remove_member"),
                                                            Map.of("email", first))))
                            .toList();
            List<Integer> statuses =
                    tries.stream().map(CompletableFuture::join).map(Answer::status).toList();

            assertThat(statuses).containsOnlyOnce(200);
        }
    }

    @Test
    void changesRolesOfSeveralMembers() {
        Tenant tenant = tenant("m13-boss@example.org");
        TestingClient first = tenant.join("m13-a@example.org", "member");
        tenant.join("m13-b@example.org", "member");

        Answer changed =
                tenant.post(
                        "change_roles",
                        Map.of(
                                "emails",
                                " m13-a@example.org , M13-b@example.org,m13-nobody@example.org\n",
                                "role_name",
                                "admin\n"));

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.body().path("items")).hasSize(2);
        assertThat(changed.body().at("/items/0/status").asText()).isEqualTo("admin");
        assertThat(changed.body().at("/display_headers/3/1").asText()).isEqualTo("Role");
        assertThat(changed.message()).contains("m13-nobody@example.org");
        assertThat(first.post(tenant.path("invite"), Map.of("email", "m13-c@example.org")).status())
                .isEqualTo(200);

        Answer array =
                tenant.post(
                        "change_roles",
                        Map.of("emails", List.of("m13-a@example.org"), "role_name", "member"));
        assertThat(array.status()).isEqualTo(200);
        assertThat(tenant.statusOf("m13-a@example.org")).isEqualTo("member");
    }

    @Test
    void asksForEmailsThenTheRoleThenConfirmation() {
        Tenant tenant = tenant("m14-boss@example.org");
        tenant.join("m14-second@example.org", "admin");
        Answer emails = tenant.post("change_roles", Map.of("emails", "", "role_name", ""));
        assertThat(emails.header("Whdb-Prompt")).isEqualTo("emails");
        Answer role = tenant.client().reply(emails, "m14-boss@example.org");
        assertThat(role.header("Whdb-Prompt")).isEqualTo("role_name");
        Answer guard = tenant.client().reply(role, "member");
        assertThat(guard.header("Whdb-Prompt")).isEqualTo("guard_confirm");

        Answer done = tenant.client().reply(guard, "");

        assertThat(done.status()).isEqualTo(200);
        assertThat(done.body().at("/items/0/status").asText()).isEqualTo("member");
        assertThat(tenant.post("invite", Map.of("email", "x@example.org")).status()).isEqualTo(403);
    }

    @Test
    void refusesRolesThatAreNoneAndPeopleWhoAreNoMembers() {
        Tenant tenant = tenant("m15-boss@example.org");
        tenant.join("m15-a@example.org", "member");

        Answer role =
                tenant.post(
                        "change_roles", Map.of("emails", "m15-a@example.org", "role_name", "king"));
        Answer people =
                tenant.post(
                        "change_roles",
                        Map.of("emails", "m15-nobody@example.org", "role_name", "admin"));

        assertThat(role.status()).isEqualTo(400);
        assertThat(role.body().at("/error/field_errors/role_name").isArray()).isTrue();
        assertThat(people.status()).isEqualTo(400);
        assertThat(people.body().at("/error/field_errors/emails").isArray()).isTrue();
    }

    @Test
    void leavesMembersToAdmins() {
        Tenant tenant = tenant("m16-boss@example.org");
        TestingClient member = tenant.join("m16-member@example.org", "member");
        TestingClient stranger = system.login("m16-stranger@example.org");

        for (String verb :
                List.of("invite", "remove_member", "change_roles", "update", "rename", "close")) {
            for (TestingClient client : List.of(member, stranger)) {
                Answer refused = client.post(tenant.path(verb), Map.of());
                assertThat(refused.status()).as(verb).isEqualTo(403);
                assertThat(refused.code()).isEqualTo("permission_check");
            }
            assertThat(system.client().post(tenant.path(verb)).status()).as(verb).isEqualTo(401);
        }
        assertThat(system.client().post("/v1/organizations/join").status()).isEqualTo(401);
    }

    private static String code(Answer invited) {
        String message = invited.message();
        assertThat(message).containsPattern("join-[0-9a-f]{8}");
        int start = message.indexOf("join-");
        return message.substring(start, start + 13);
    }

    private Tenant tenant(String email) {
        TestingClient client = system.login(email);
        long id = client.get("/v1/me").body().at("/default_organization/id").asLong();
        return new Tenant(system, client, id);
    }

    private record Tenant(TestingSystem system, TestingClient client, long id) {
        String path(String verb) {
            return "/v1/organizations/" + id + "/" + verb;
        }

        Answer post(String verb, Object body) {
            return client.post(path(verb), body);
        }

        /** Somebody who was invited and has accepted. */
        TestingClient join(String email, String role) {
            String code = code(post("invite", Map.of("email", email, "role_name", role)));
            TestingClient joining = system.login(email);
            joining.post("/v1/organizations/join", Map.of("invitation_code", code));
            return joining;
        }

        JsonNode items() {
            return client.get(path("members")).body().path("items");
        }

        String statusOf(String email) {
            for (JsonNode item : items()) {
                if (item.path("email").asText().equals(email)) {
                    return item.path("status").asText();
                }
            }
            return "";
        }
    }
}
