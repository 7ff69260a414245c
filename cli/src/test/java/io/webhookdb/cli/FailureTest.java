package io.webhookdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.cli.TestingCli.Run;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every failure says what and where, on standard error, with its exit code. */
class FailureTest {
    private final TestingApi api = TestingApi.start();
    private TestingCli cli;

    @BeforeEach
    void logIn(@TempDir Path home) {
        cli = new TestingCli(home, api.address()).loggedIn();
    }

    @AfterEach
    void stop() {
        api.assertSatisfied();
        api.close();
    }

    private Run members(int status, String type, String body) {
        api.expectGet("/v1/organizations/7/members").as(type).answers(status, body);
        return cli.run("org", "members");
    }

    private static void assertFailed(Run run, String message) {
        assertThat(run.err()).startsWith("webhookdb: ").contains(message);
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void showsTheServersMessage() {
        assertFailed(
                members(
                        403,
                        "application/json",
                        "{\"error\":{\"status\":403,\"message\":\"No such org\"}}"),
                "No such org\n");
    }

    @Test
    void namesTheErrorIdForTheServersLog() {
        assertFailed(
                members(
                        500,
                        "application/json",
                        "{\"error\":{\"message\":\"Oops\",\"error_id\":\"e-1\"}}"),
                "Oops (error id e-1)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401|{\"error\":{\"status\":401,\"message\":\"Expired\"}}",
                "401|{\"error\":{\"message\":\"Expired\"}}",
                "403|{\"error\":{\"status\":401,\"message\":\"Expired\"}}"
            })
    void saysHowToLogIn(int status, String body) {
        assertFailed(
                members(status, "application/json", body),
                "You are not logged in (the server says: Expired). Use `webhookdb auth login`.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "500|application/json|{\"error\":{\"status\":500,\"message\":\"\"}}",
                "502|text/html|<html>bad gateway</html>",
                "500|application/problem+json|{\"title\":\"Oops\"}",
                "500|application/json|{\"error\":\"a bare string\"}",
                "500|application/json|{not json",
                "404||''"
            })
    void isNeverSpeechless(int status, String type, String body) {
        assertFailed(
                members(status, type == null ? "" : type, body),
                "GET /v1/organizations/7/members answered " + status + " without a message");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json|{\"error\":{\"status\":400,\"message\":\"Bad\",\"errors\":{\"a\":1},\"code\":7}}",
                "application/json|{\"error\":{\"status\":\"400\",\"message\":\"Bad\"}}"
            })
    void readsErrorsOfOddShapes(String type, String body) {
        assertFailed(members(400, type, body), "Bad");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200|application/json|{\"message\":\"\"}|`items` (a list)",
                "200|application/json|{\"items\":null}|`items` (a list)",
                "200|application/json|[]|a JSON object",
                "200|text/html|<html>|no JSON (text/html)",
                "204|application/json|''|no body",
                "200|application/json|{\"items\":[{}],\"display_headers\":[{\"id\":\"Id\"}]}|`display_headers`"
            })
    void saysWhatASuccessLacks(int status, String type, String body, String expected) {
        assertFailed(members(status, type, body), expected);
    }

    @Test
    void takesNoBodyForNoMessage() {
        api.expectPost("/v1/organizations/7/error_handlers/oeh_1/delete")
                .with("{}")
                .as("")
                .answers(204, "");
        Run run = cli.run("error-handler", "delete", "oeh_1");
        assertThat(run).isEqualTo(new Run(0, "", ""));
    }

    @Test
    void followsNoRedirect() {
        api.expectGet("/v1/organizations/7/members")
                .header("Location", "http://elsewhere.example/")
                .answers(302, "");
        assertFailed(cli.run("org", "members"), "was redirected (302)");
    }

    @Test
    void saysWhichHostIsOutOfReachAndWhatToCheck() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        cli.environment.put("WEBHOOKDB_API_HOST", "http://127.0.0.1:" + free);
        assertFailed(
                cli.run("org", "members"),
                "Cannot reach the API at http://127.0.0.1:%d: nothing listens there."
                        .formatted(free));
    }

    @Test
    void saysWhenTheNameIsUnknown() {
        cli.environment.put("WEBHOOKDB_API_HOST", "http://nowhere.invalid");
        assertFailed(cli.run("org", "members"), "its name cannot be resolved");
    }

    @Test
    void saysWhenTheServerDropsTheConnection() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            Thread rude =
                    new Thread(
                            () -> {
                                try {
                                    for (int i = 0; i < 4; i++) {
                                        socket.accept().close();
                                    }
                                } catch (IOException e) {
                                    Thread.currentThread().interrupt(); // closed: the test is over
                                }
                            });
            rude.start();
            cli.environment.put("WEBHOOKDB_API_HOST", "http://127.0.0.1:" + socket.getLocalPort());
            assertFailed(cli.run("org", "members"), "the connection broke");
            socket.close();
            rude.join();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:18001", "ftp://x", "http://", "http://a b"})
    void refusesAnAddressThatIsNone(String address) {
        cli.environment.put("WEBHOOKDB_API_HOST", address);
        Run run = cli.run("org", "members");
        assertThat(run.err())
                .contains("WEBHOOKDB_API_HOST is \"" + address + "\"")
                .contains("expected an http:// or https:// address");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "integrations stats|Missing INTEGRATION",
                "integrations stats a --integration b|INTEGRATION is given twice",
                "org activate|Missing ORG",
                "org remove|Missing EMAIL",
                "webhooks test|Missing ID",
                "dbsync trigger|Missing TARGET",
                "dbsync create|Missing INTEGRATION",
                "dbsync update syt_1|Nothing to change",
                "fixtures|Missing SERVICE",
                "org update --field name|--value",
                "org members -f xml|expected one of table, json, csv, raw",
                "org members --org=|--org is blank",
                "replay --hours two|--hours",
                "services list --nonsense|Unknown flag \"--nonsense\"",
                "services list more|One argument too many: \"more\"",
                "frobnicate|Unknown command \"frobnicate\"",
                "org frobnicate|Unknown command \"frobnicate\"",
                "org|Missing COMMAND. There are ",
                "completion fish|expected bash or zsh"
            })
    void refusesWrongWordsWithoutAskingTheApi(String line, String message) {
        Run run = cli.run(line.split(" "));
        assertThat(run.err()).startsWith("webhookdb: ").contains(message);
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void refusesAPreferencesFileItCannotReadWithoutQuotingIt() throws IOException {
        Files.writeString(cli.prefs.file(), "{\"auth_token\":\"hush");
        Run run = cli.run("org", "members");
        assertThat(run.err()).contains("is no JSON object").doesNotContain("hush");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void refusesATokenThatCannotBeSentWithoutQuotingIt() throws IOException {
        Files.writeString(
                cli.prefs.file(),
                "{\"namespaces\":{\"%s\":{\"auth_token\":\"hush\\nhush\"}}}"
                        .formatted(api.address()));
        Run run = cli.run("org", "members");
        assertThat(run.err()).contains("characters no token has").doesNotContain("hush");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void refusesAPasswordInTheAddressWithoutQuotingIt() {
        cli.environment.put("WEBHOOKDB_API_HOST", "https://ada:hush@example.com");
        Run run = cli.run("org", "members");
        assertThat(run.err()).contains("WEBHOOKDB_API_HOST").doesNotContain("hush");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void tracesRequestsWithoutSecrets() {
        api.expectPost("/v1/organizations/7/sync_targets/db/syt_1/update_credentials")
                .with("{\"user\":\"u\",\"password\":\"hush\"}")
                .answers("{\"message\":\"Updated.\"}");
        cli.environment.put("WEBHOOKDB_DEBUG", "true");
        Run run = cli.run("dbsync", "update-creds", "syt_1", "-u", "u", "-p", "hush");
        assertThat(run.err())
                .contains("> POST " + api.address() + "/v1/organizations/7/sync_targets/db/syt_1")
                .contains("with token, 30 bytes")
                .contains("< 200 application/json, ")
                .doesNotContain("hush")
                .doesNotContain(TestingApi.TOKEN);
    }
}
