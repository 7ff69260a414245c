package io.webhookdb.controlplane.api.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class LoginITCase {
    private final TestingSystem system;

    LoginITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void asksForTheCodeHidden() {
        Answer asked = begin("hidden@example.org");

        assertThat(asked.status()).isEqualTo(202);
        assertThat(asked.body().size()).isEqualTo(11);
        assertThat(asked.body().path("prompt_is_secret").asBoolean()).isTrue();
        assertThat(asked.body().path("post_to_url").asText()).isEqualTo("/v1/auth");
        assertThat(asked.body().at("/post_params/email").asText()).isEqualTo("hidden@example.org");
        assertThat(asked.body().path("post_params_value_key").asText()).isEqualTo("token");
        assertThat(system.code("hidden@example.org")).matches("[0-9]{6}");
    }

    @Test
    void opensASessionAndAnOrganizationAtTheFirstLogin() {
        begin("first@example.org");
        Answer done = finish("first@example.org", system.code("first@example.org") + "\n");

        assertThat(done.status()).isEqualTo(200);
        assertThat(done.body().path("complete").asBoolean()).isTrue();
        assertThat(done.body().path("error_code").asText()).isEmpty();
        assertThat(done.header("Whdb-Auth-Token")).isNotEmpty().doesNotContain(";");
        assertThat(done.header("Set-Cookie"))
                .startsWith("webhookdb.session=" + done.header("Whdb-Auth-Token"))
                .contains("HttpOnly")
                .contains("SameSite=Lax")
                .contains("Max-Age=7776000");
        assertThat(done.body().at("/extras/current_customer/email").asText())
                .isEqualTo("first@example.org");
        assertThat(done.body().at("/extras/current_customer/default_organization/name").asText())
                .isEqualTo("first@example.org Org");
    }

    @Test
    void findsTheSameOrganizationAtTheNextLogin() {
        long first = organization(system.login("again@example.org"));

        assertThat(organization(system.login("again@example.org"))).isEqualTo(first);
    }

    @Test
    void asksAgainAfterAWrongCode() {
        begin("wrong@example.org");
        Answer wrong = finish("wrong@example.org", other(system.code("wrong@example.org")));

        assertThat(wrong.status()).isEqualTo(200);
        assertThat(wrong.header("Whdb-Auth-Token")).isEmpty();
        assertThat(wrong.body().path("needs_input").asBoolean()).isTrue();
        assertThat(wrong.body().path("error_code").asText()).isEqualTo("invalid_otp");
        assertThat(
                        finish("wrong@example.org", system.code("wrong@example.org"))
                                .header("Whdb-Auth-Token"))
                .isNotEmpty();
    }

    @Test
    void refusesTheRightCodeAfterFiveWrongOnes() {
        begin("guess@example.org");
        String right = system.code("guess@example.org");
        for (int i = 0; i < 5; i++) {
            assertInvalid(finish("guess@example.org", other(right)));
        }

        assertInvalid(finish("guess@example.org", right));
    }

    @Test
    void countsTriesThatArriveTogether() {
        begin("together@example.org");
        String right = system.code("together@example.org");
        List<CompletableFuture<Answer>> tries =
                IntStream.range(0, 20)
                        .mapToObj(
                                i ->
                                        CompletableFuture.supplyAsync(
                                                () -> finish("together@example.org", other(right))))
                        .toList();
        tries.forEach(CompletableFuture::join);

        assertInvalid(finish("together@example.org", right));
        assertThat(
                        number(
                                "SELECT attempts FROM login_codes WHERE email ="
                                        + " 'together@example.org'"))
                .isEqualTo(5);
    }

    @Test
    void acceptsACodeOnce() {
        begin("once@example.org");
        String code = system.code("once@example.org");
        assertThat(finish("once@example.org", code).header("Whdb-Auth-Token")).isNotEmpty();

        assertInvalid(finish("once@example.org", code));
    }

    @Test
    void opensOneSessionForOneCodeThatArrivesTwiceAtOnce() {
        begin("twice@example.org");
        String code = system.code("twice@example.org");
        List<CompletableFuture<Answer>> both =
                IntStream.range(0, 4)
                        .mapToObj(
                                i ->
                                        CompletableFuture.supplyAsync(
                                                () -> finish("twice@example.org", code)))
                        .toList();

        assertThat(both.stream().map(CompletableFuture::join))
                .filteredOn(answer -> !answer.header("Whdb-Auth-Token").isEmpty())
                .hasSize(1);
    }

    @Test
    void endsTheOlderCodeWhenANewOneIsAskedFor() {
        begin("older@example.org");
        String older = system.code("older@example.org");
        String newer = older;
        while (newer.equals(older)) {
            begin("older@example.org");
            newer = system.code("older@example.org");
        }

        assertInvalid(finish("older@example.org", older));
        assertThat(finish("older@example.org", newer).header("Whdb-Auth-Token")).isNotEmpty();
    }

    @Test
    void refusesACodeAfterFifteenMinutes() throws SQLException {
        begin("late@example.org");
        assertThat(
                        number(
                                "SELECT extract(epoch FROM expires_at - created_at)::int FROM"
                                        + " login_codes WHERE email = 'late@example.org'"))
                .isEqualTo(15 * 60);
        execute(
                "UPDATE login_codes SET expires_at = expires_at - interval '15 minutes' WHERE email"
                        + " = 'late@example.org'");

        assertInvalid(finish("late@example.org", system.code("late@example.org")));
    }

    @Test
    void keepsACodeToItsAddress() {
        begin("mine@example.org");
        begin("yours@example.org");
        String yours = system.code("yours@example.org");
        if (!yours.equals(system.code("mine@example.org"))) {
            assertInvalid(finish("mine@example.org", yours));
        }
    }

    @Test
    void tellsAnAddressThatNeverSignedUp() {
        Answer unknown = finish("nobody@example.org", "123456");

        assertThat(unknown.status()).isEqualTo(200);
        assertThat(unknown.body().path("complete").asBoolean()).isTrue();
        assertThat(unknown.body().path("error_code").asText()).isEqualTo("email_not_exist");
        assertThat(unknown.body().path("extras").isEmpty()).isTrue();
    }

    @Test
    void refusesWhatIsNoAddress() {
        Answer refused = begin("no address\nlogin code for x: 1");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("validation_error");
        assertThat(refused.body().at("/error/field_errors/email").isArray()).isTrue();
    }

    @Test
    void stopsSendingCodesToAnAddressThatUsesNone() {
        List<Integer> statuses =
                IntStream.range(0, 22).mapToObj(i -> begin("flood@example.org").status()).toList();

        assertThat(statuses.subList(0, 20)).containsOnly(202);
        assertThat(statuses.subList(20, 22)).containsOnly(429);
    }

    @Test
    void refusesToBeginWithAValidSession() {
        TestingClient client = system.login("in@example.org");
        Answer refused = client.post("/v1/auth", Map.of("email", "in@example.org"));

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("already_logged_in");
    }

    @Test
    void endsASessionByLogout() {
        TestingClient client = system.login("out@example.org");
        TestingClient other = system.login("out@example.org");
        assertThat(client.get("/v1/me").status()).isEqualTo(200);

        Answer out = client.post("/v1/auth/logout");

        assertThat(out.status()).isEqualTo(200);
        assertThat(out.message()).isNotEmpty();
        Answer after = client.get("/v1/me");
        assertThat(after.status()).isEqualTo(401);
        assertThat(after.body().at("/error/status").asInt()).isEqualTo(401);
        assertThat(other.get("/v1/me").status()).isEqualTo(200);
    }

    @Test
    void logsOutWithoutASession() {
        assertThat(system.client().post("/v1/auth/logout").status()).isEqualTo(200);
    }

    @Test
    void takesTheSessionFromACookie() {
        begin("cookie@example.org");
        Answer done = finish("cookie@example.org", system.code("cookie@example.org"));
        TestingClient browser =
                system.client()
                        .with("Cookie", "webhookdb.session=" + done.header("Whdb-Auth-Token"));

        assertThat(browser.get("/v1/me").status()).isEqualTo(200);
    }

    /** A form or a script of another page, beside the cookie the browser adds. */
    @Test
    void takesNoCookieAlongWithWhatAnotherPageSends() {
        begin("forged@example.org");
        Answer done = finish("forged@example.org", system.code("forged@example.org"));
        String cookie = "webhookdb.session=" + done.header("Whdb-Auth-Token");

        for (String origin :
                List.of("https://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1")) {
            TestingClient page = system.client().with("Cookie", cookie).with("Origin", origin);
            assertThat(page.post("/v1/organizations/create", Map.of("name", "Forged")).status())
                    .as(origin)
                    .isEqualTo(401);
            page.post("/v1/auth/logout");
        }
        String own = system.client().uri("").toString();
        TestingClient page = system.client().with("Cookie", cookie).with("Origin", own);
        assertThat(page.post("/v1/organizations/create", Map.of("name", "Own page")).status())
                .isEqualTo(200);
    }

    @Test
    void endsAShortSessionAfterTwoHours() {
        TestingClient browser = system.client().with("Whdb-Short-Session", "1");
        browser.post("/v1/auth", Map.of("email", "short@example.org"));
        Answer done =
                browser.post(
                        "/v1/auth",
                        Map.of(
                                "email",
                                "short@example.org",
                                "token",
                                system.code("short@example.org")));

        assertThat(done.header("Set-Cookie")).contains("Max-Age=7200");
        assertThat(
                        number(
                                "SELECT extract(epoch FROM s.expires_at - s.created_at)::int FROM"
                                        + " sessions s JOIN customers c ON c.id = s.customer_id"
                                        + " WHERE c.email = 'short@example.org'"))
                .isEqualTo(7200);
    }

    @Test
    void refusesAnExpiredSession() throws SQLException {
        TestingClient client = system.login("expired@example.org");
        execute(
                "UPDATE sessions SET expires_at = now() WHERE customer_id = (SELECT id FROM"
                        + " customers WHERE email = 'expired@example.org')");

        assertThat(client.get("/v1/me").status()).isEqualTo(401);
    }

    @Test
    void givesTwoAddressesWithTheSameKeyTheirOwnOrganizations() {
        long first = organization(system.login("same.key@example.org"));
        long second = organization(system.login("same-key@example.org"));

        assertThat(second).isNotEqualTo(first);
    }

    private Answer begin(String email) {
        return system.client().post("/v1/auth", Map.of("email", email, "token", ""));
    }

    private Answer finish(String email, String code) {
        return system.client().post("/v1/auth", Map.of("email", email, "token", code));
    }

    private static void assertInvalid(Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("error_code").asText()).isEqualTo("invalid_otp");
        assertThat(answer.header("Whdb-Auth-Token")).isEmpty();
    }

    private static String other(String code) {
        return code.equals("000000") ? "000001" : "000000";
    }

    private static long organization(TestingClient client) {
        return client.get("/v1/me").body().at("/default_organization/id").asLong();
    }

    private int number(String sql) {
        try (Connection connection = TestingSystem.connect(system.application());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = TestingSystem.connect(system.application());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
