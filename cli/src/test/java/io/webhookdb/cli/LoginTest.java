package io.webhookdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.cli.TestingCli.Run;
import io.webhookdb.cli.prefs.Login;
import io.webhookdb.cli.terminal.Echo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logging in and out, and what is remembered. */
class LoginTest {
    private static final String ASK_EMAIL =
            """
            {"error":{"status":422,"code":"prompt_required_params","message":"A parameter is needed",
             "state_machine_step":{"message":"","needs_input":true,"prompt":"Email:",
              "prompt_is_secret":false,"post_to_url":"/v1/auth","post_params":{"email":"","token":""},
              "post_params_value_key":"email","complete":false,"output":"","error_code":"","extras":{}}}}\
            """;

    private static String askCode(String output, String errorCode) {
        return """
        {"message":"","needs_input":true,"prompt":"Code:","prompt_is_secret":true,
         "post_to_url":"/v1/auth","post_params":{"email":"ada@example.com"},
         "post_params_value_key":"token","complete":false,"output":"%s","error_code":"%s",
         "extras":{}}\
        """
                .formatted(output, errorCode);
    }

    private static String welcome(String organization) {
        return """
        {"message":"","needs_input":false,"prompt":"","prompt_is_secret":false,"post_to_url":"",
         "post_params":{},"post_params_value_key":"","complete":true,"output":"Welcome, Ada.",
         "error_code":"","extras":{"current_customer":{"email":"ada@example.com",
         "default_organization":%s}}}\
        """
                .formatted(organization);
    }

    private static final String ACME = "{\"id\":7,\"name\":\"Acme Corp\",\"key\":\"acme_corp\"}";

    private final TestingApi api = TestingApi.start();
    private TestingCli cli;

    @BeforeEach
    void freshHome(@TempDir Path home) {
        cli = new TestingCli(home, api.address());
    }

    @AfterEach
    void nothingElseWasSent() {
        api.assertSatisfied();
        api.close();
    }

    private TestingApi.Exchange expectAuth(String body) {
        return api.expectPost("/v1/auth").withoutToken().with(body);
    }

    private Login stored() {
        return cli.prefs.read(api.address());
    }

    @Test
    void asksForAddressAndCodeAndRemembersTheLogin() {
        expectAuth("{\"email\":\"\",\"token\":\"\"}").answers(422, ASK_EMAIL);
        expectAuth("{\"email\":\"ada@example.com\",\"token\":\"\"}")
                .answers(202, askCode("Code sent.", ""));
        expectAuth("{\"email\":\"ada@example.com\",\"token\":\"000000\"}")
                .answers(askCode("Wrong code.", "invalid_otp"));
        expectAuth("{\"email\":\"ada@example.com\",\"token\":\"123456\"}")
                .answers(welcome(ACME))
                .header("Whdb-Auth-Token", "abc.def; Path=/; HttpOnly");
        Run run = cli.typing("ada@example.com", "000000", "123456").run("auth", "login");
        assertThat(run.out()).isEqualTo("Code sent.\nWrong code.\nWelcome, Ada.\n");
        assertThat(run.exitCode()).isZero();
        assertThat(cli.echoes).containsExactly(Echo.SHOWN, Echo.HIDDEN, Echo.HIDDEN);
        assertThat(stored().token()).contains("abc.def");
        assertThat(stored().email()).isEqualTo("ada@example.com");
        assertThat(stored().organization().orElseThrow().display())
                .isEqualTo("Acme Corp (acme_corp)");
    }

    @Test
    void logsInWithOneLineEvenWhileAnotherSessionIsStored() {
        cli.loggedIn();
        expectAuth("{\"email\":\"ada@example.com\",\"token\":\"123456\"}")
                .answers(welcome("null"))
                .header("Whdb-Auth-Token", "new");
        Run run = cli.run("auth", "signin", "--username", "ada@example.com", "-t", "123456");
        assertThat(run.exitCode()).isZero();
        assertThat(stored().token()).contains("new");
        assertThat(stored().organization()).isEmpty();
    }

    @Test
    void storesNothingWithoutAToken() {
        expectAuth("{\"email\":\"a\",\"token\":\"1\"}").answers(welcome(ACME));
        Run run = cli.run("auth", "login", "a", "--token=1");
        assertThat(run.err()).contains("no Whdb-Auth-Token header");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(cli.prefs.file()).doesNotExist();
    }

    @Test
    void storesNothingWhenTheAddressIsUnknown() {
        expectAuth("{\"email\":\"a\",\"token\":\"1\"}")
                .answers(
                        "{\"needs_input\":false,\"complete\":true,\"output\":\"Who?\",\"error_code\":\"email_not_exist\"}");
        Run run = cli.run("auth", "login", "a", "-t", "1");
        assertThat(run.err()).isEqualTo("webhookdb: Who? (email_not_exist)\n");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(cli.prefs.file()).doesNotExist();
    }

    @Test
    void doesNotAskForAnotherCodeByMailAtTheEndOfInput() {
        expectAuth("{\"email\":\"a\",\"token\":\"\"}").answers(202, askCode("Code sent.", ""));
        Run run = cli.typing().run("auth", "login", "a");
        assertThat(run.err()).contains("The input ended");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void showsTheMessageOfADemoServer() {
        expectAuth("{\"email\":\"demo\",\"token\":\"\"}")
                .answers(welcome(ACME).replace("\"message\":\"\"", "\"message\":\"Demo mode.\""))
                .header("Whdb-Auth-Token", "demo-token");
        assertThat(cli.run("auth", "register", "demo").out())
                .isEqualTo("Demo mode.\nWelcome, Ada.\n");
    }

    @Test
    void writesTheFileOtherClientsKnowForItsOwnerOnly() throws IOException {
        cli.loggedIn();
        Path file = cli.home().resolve(".webhookdb/config");
        assertThat(Files.readString(file))
                .isEqualToIgnoringWhitespace(
                        """
                        {"namespaces":{"%s":{"auth_token":"session-token-of-ada",
                         "email":"ada@example.com",
                         "current_org":{"id":7,"name":"Acme Corp","key":"acme_corp"}}}}\
                        """
                                .formatted(api.address()));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void forgetsThisLoginOnLogoutAndKeepsOthers() throws IOException {
        cli.loggedIn();
        cli.prefs.write("https://other", stored());
        api.expectPost("/v1/auth/logout").answers("{\"message\":\"Bye.\"}");
        assertThat(cli.run("auth", "logout").out()).isEqualTo("Bye.\n");
        assertThat(stored()).isEqualTo(Login.NONE);
        assertThat(cli.prefs.read("https://other").token()).contains(TestingApi.TOKEN);
    }

    @Test
    void keepsTheLoginWhenLogoutFails() {
        cli.loggedIn();
        api.expectPost("/v1/auth/logout").answers(500, "{\"error\":{\"message\":\"Broken.\"}}");
        assertThat(cli.run("auth", "logout").exitCode()).isEqualTo(2);
        assertThat(stored().token()).contains(TestingApi.TOKEN);
    }

    @Test
    void deletesTheFileWhenAskedTo() {
        cli.loggedIn();
        api.expectPost("/v1/auth/logout").answers("{\"message\":\"Bye.\"}");
        assertThat(cli.run("auth", "logout", "--remove").exitCode()).isZero();
        assertThat(cli.prefs.file()).doesNotExist();
    }

    @Test
    void remembersTheOrganizationItActivates() {
        cli.loggedIn();
        api.expectGet("/v1/organizations/-?org=other")
                .answers("{\"id\":9007199254740993,\"name\":\"Other\",\"key\":\"other\"}");
        Run run = cli.run("org", "activate", "other");
        assertThat(run.out()).isEqualTo("Organization Other (other) is now active.\n");
        assertThat(cli.run("org", "current").out()).isEqualTo("Other (other)\n");
        api.expectGet("/v1/organizations/9007199254740993/services")
                .answers("{\"items\":[],\"message\":\"\",\"display_headers\":[]}");
        assertThat(cli.run("services", "list").exitCode()).isZero();
    }

    @Test
    void usesZeroWithoutAnOrganization() {
        assertThat(cli.run("org", "current").out()).isEqualTo("<none>\n");
        api.expectGet("/v1/organizations/0/services")
                .withoutToken()
                .answers(401, "{\"error\":{\"status\":401,\"message\":\"No session\"}}");
        assertThat(cli.run("services", "list").exitCode()).isEqualTo(2);
    }

    @Test
    void keepsALoginApartUnderAnotherNamespace() {
        cli.environment.put("WEBHOOKDB_PREFS_NAMESPACE", "work");
        assertThat(cli.run("debug", "setauth", "tok").exitCode()).isZero();
        assertThat(cli.prefs.read("work").token()).contains("tok");
        assertThat(stored()).isEqualTo(Login.NONE);
        assertThat(cli.run("debug", "readprefs").out())
                .contains("*** (3 characters)")
                .doesNotContain("tok ")
                .doesNotContain("tok\n");
    }

    @Test
    void aTokenOfTheEnvironmentStandsForLoginAndOrganization() {
        cli.environment.put("WEBHOOKDB_API_TOKEN", TestingApi.TOKEN);
        api.expectGet("/v1/organizations/-/saved_views")
                .answers(
                        "{\"object\":\"list\",\"items\":[],\"message\":\"None.\",\"display_headers\":[]}");

        assertThat(cli.run("saved-view", "list").exitCode()).isZero();
        assertThat(cli.prefs.read(api.address())).isEqualTo(Login.NONE);
    }
}
