package io.webhookdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.cli.TestingCli.Run;
import io.webhookdb.cli.terminal.Echo;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server leads: steps of an onboarding, prompts for missing parameters, answers refused. */
class ConversationTest {
    private static final String CREATE = "/v1/organizations/7/service_integrations/create";
    private static final String TRANSITION =
            "/v1/organizations/7/service_integrations/svi_4k2/transition/webhook_secret";

    private final TestingApi api = TestingApi.start();
    private TestingCli cli;

    @BeforeEach
    void logIn(@TempDir Path home) {
        cli = new TestingCli(home, api.address()).loggedIn();
    }

    @AfterEach
    void nothingElseWasSent() {
        api.assertSatisfied();
        api.close();
    }

    private static String asking(String prompt, String postTo, String params, String key) {
        return """
        {"message":"","needs_input":true,"prompt":"%s","prompt_is_secret":false,
         "post_to_url":"%s","post_params":%s,"post_params_value_key":"%s","complete":false,
         "output":"","error_code":"","extras":{}}\
        """
                .formatted(prompt, postTo, params, key);
    }

    private static String secret(String output) {
        return """
        {"message":"","needs_input":true,"prompt":"Signing secret:","prompt_is_secret":true,
         "post_to_url":"%s","post_params":{},"post_params_value_key":"value","complete":false,
         "output":"%s","error_code":"","extras":{}}\
        """
                .formatted(TRANSITION, output);
    }

    private static String complete(String output) {
        return """
        {"message":"","needs_input":false,"prompt":"","prompt_is_secret":false,"post_to_url":"",
         "post_params":{},"post_params_value_key":"","complete":true,"output":"%s",
         "error_code":"","extras":{}}\
        """
                .formatted(output);
    }

    private static String prompting(String step) {
        return """
        {"error":{"status":422,"code":"prompt_required_params","message":"A parameter is needed",
         "state_machine_step":%s}}\
        """
                .formatted(step);
    }

    private static String invalid(String field) {
        return """
        {"error":{"status":400,"code":"validation_error","message":"Secret is too short",
         "errors":["%s is too short"],"field_errors":{"%s":["is too short"]}}}\
        """
                .formatted(field, field);
    }

    @Test
    void answersAnOnboardingStepByStep() {
        api.expectPost(CREATE)
                .with("{\"service_name\":\"acme_v1\"}")
                .answers(secret("Point Acme at https://db.example/svi_4k2"));
        api.expectPost(TRANSITION)
                .with("{\"value\":\"s3cret\"}")
                .answers(complete("Listening for Acme orders."));
        Run run = cli.typing("s3cret").run("integrations", "create", "acme_v1");
        assertThat(run.out())
                .isEqualTo(
                        "Point Acme at https://db.example/svi_4k2\nListening for Acme orders.\n");
        assertThat(run.err()).isEqualTo("Signing secret: \n");
        assertThat(run.exitCode()).isZero();
        assertThat(cli.echoes).containsExactly(Echo.HIDDEN);
    }

    @Test
    void asksTheSameAgainWhenTheAnswerIsRefused() {
        api.expectPost(CREATE).with("{\"service_name\":\"acme_v1\"}").answers(secret("Acme:"));
        api.expectPost(TRANSITION).with("{\"value\":\"a\"}").answers(400, invalid("value"));
        api.expectPost(TRANSITION).with("{\"value\":\"abc\"}").answers(complete("Done."));
        Run run = cli.typing("a", "abc").run("integrations", "create", "acme_v1");
        assertThat(run.out()).isEqualTo("Acme:\nAcme:\nDone.\n");
        assertThat(run.err()).contains("Secret is too short").doesNotContain("abc");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void doesNotAskAgainWhenAnotherFieldIsRefused() {
        api.expectPost(CREATE).with("{\"service_name\":\"acme_v1\"}").answers(secret("Acme:"));
        api.expectPost(TRANSITION).with("{\"value\":\"a\"}").answers(400, invalid("api_url"));
        Run run = cli.typing("a", "abc").run("integrations", "create", "acme_v1");
        assertThat(run.err()).contains("Secret is too short");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void showsAnErrorInTheMiddleOfAnOnboardingAndFails() {
        api.expectPost("/v1/organizations/7/service_integrations/svi_4k2/reset")
                .answers(secret("Acme:"));
        api.expectPost(TRANSITION)
                .with("{\"value\":\"a\"}")
                .answers(402, "{\"error\":{\"status\":402,\"message\":\"Beyond the free plan\"}}");
        Run run = cli.typing("a").run("integrations", "reset", "svi_4k2");
        assertThat(run.err()).contains("Beyond the free plan");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void failsWhenAnOnboardingEndsWithoutSuccess() {
        api.expectPost("/v1/organizations/7/service_integrations/svi_4k2/backfill")
                .answers(
                        complete("No customer integration to depend on.")
                                .replace(
                                        "\"error_code\":\"\"",
                                        "\"error_code\":\"no_candidate_dependency\""));
        Run run = cli.run("backfill", "svi_4k2");
        assertThat(run.err())
                .isEqualTo(
                        "webhookdb: No customer integration to depend on."
                                + " (no_candidate_dependency)\n");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void failsWhenTheAnswerIsNeitherAQuestionNorTheEnd() {
        api.expectPost("/v1/organizations/7/service_integrations/svi_4k2/setup")
                .answers("{\"message\":\"\",\"needs_input\":false,\"complete\":false}");
        Run run = cli.run("integrations", "setup", "svi_4k2");
        assertThat(run.err()).contains("expected a step that asks or is complete");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void asksForEveryMissingParameterAndKeepsTheOthers() {
        String path = "/v1/organizations/7/webhook_subscriptions/create";
        api.expectPost(path)
                .with(
                        "{\"webhook_secret\":\"\",\"url\":\"\",\"service_integration_identifier\":\"svi_1\"}")
                .answers(
                        422,
                        prompting(
                                asking(
                                        "URL:",
                                        path,
                                        "{\"org_identifier\":\"7\",\"big\":9007199254740993,\"url\":\"\"}",
                                        "url")));
        api.expectPost(path)
                .with(
                        "{\"org_identifier\":\"7\",\"big\":9007199254740993,\"url\":\"https://x.co\"}")
                .answers(422, prompting(asking("Secret:", path, "{}", "webhook_secret")));
        api.expectPost(path)
                .with("{\"webhook_secret\":\"s\"}")
                .answers("{\"message\":\"Subscribed.\"}");
        Run run = cli.typing("https://x.co", "s").run("webhooks", "create", "svi_1");
        assertThat(run.out()).isEqualTo("Subscribed.\n");
        assertThat(run.err()).isEqualTo("URL: \nSecret: \n");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void keepsOutputParseableWhileAsking() {
        String path = "/v1/db/7/sql";
        String step = asking("Query:", path, "{}", "query");
        api.expectPost(path)
                .with("{\"query\":\"\"}")
                .answers(
                        422,
                        prompting(step.replace("\"output\":\"\"", "\"output\":\"Tables: t\"")));
        api.expectPost(path)
                .with("{\"query\":\"select 1\"}")
                .answers("{\"headers\":[\"n\"],\"rows\":[[1]],\"max_rows_reached\":false}");
        Run run = cli.typing("select 1").run("db", "sql", "-f", "csv");
        assertThat(run.out()).isEqualTo("n\n1\n");
        assertThat(run.err()).isEqualTo("Tables: t\nQuery: \n");
    }

    @Test
    void goesFromAPromptForAParameterIntoAnOnboarding() {
        api.expectPost(CREATE)
                .with("{\"service_name\":\"acme_v1\"}")
                .answers(
                        422,
                        prompting(
                                asking(
                                        "There is one. Enter to go on:",
                                        CREATE,
                                        "{\"service_name\":\"acme_v1\"}",
                                        "guard_confirm")));
        api.expectPost(CREATE)
                .with("{\"service_name\":\"acme_v1\",\"guard_confirm\":\"\"}")
                .answers(secret("Acme:"));
        api.expectPost(TRANSITION).with("{\"value\":\"abc\"}").answers(complete("Listening."));
        Run run = cli.typing("", "abc").run("integrations", "create", "acme_v1");
        assertThat(run.out()).isEqualTo("Acme:\nListening.\n");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void answersWithNothingThreeTimesAtTheEndOfInputAndThenStops() {
        String path = "/v1/organizations/create";
        String prompt = prompting(asking("Name:", path, "{}", "name"));
        for (int i = 0; i < 4; i++) {
            api.expectPost(path).with("{\"name\":\"\"}").answers(422, prompt);
        }
        Run run = cli.typing().run("org", "create");
        assertThat(run.err()).contains("The input ended, but the server still asks \"Name:\"");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void doesNotTakeTheEndOfInputForConsent() {
        String path = "/v1/db/7/roll_credentials";
        api.expectPost(path)
                .answers(422, prompting(asking("Enter to roll:", path, "{}", "guard_confirm")));
        Run run = cli.typing().run("db", "roll-credentials");
        assertThat(run.err()).contains("The input ended");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void takesAnEmptyLineForConsent() {
        String path = "/v1/db/7/roll_credentials";
        api.expectPost(path)
                .answers(422, prompting(asking("Enter to roll:", path, "null", "guard_confirm")));
        api.expectPost(path).with("{\"guard_confirm\":\"\"}").answers("{\"message\":\"Rolled.\"}");
        Run run = cli.typing("").run("db", "roll-credentials");
        assertThat(run.out()).isEqualTo("Rolled.\n");
    }

    @Test
    void postsToAPathWithBlanksAsItStands() {
        String path = "/v1/db/My Org/roll_credentials";
        api.expectPost("/v1/db/My%20Org/roll_credentials")
                .answers(422, prompting(asking("Sure?", path, "{}", "guard_confirm")));
        api.expectPost("/v1/db/My%20Org/roll_credentials")
                .with("{\"guard_confirm\":\"y\"}")
                .answers("{\"message\":\"Rolled.\"}");
        assertThat(cli.typing("y").run("db", "roll-credentials", "-o", "My Org").exitCode())
                .isZero();
    }

    @Test
    void postsToACompleteAddressOfTheSameServerWithTheToken() {
        String path = "/v1/organizations/create";
        api.expectPost(path)
                .with("{\"name\":\"\"}")
                .answers(422, prompting(asking("Name:", api.address() + path, "{}", "name")));
        api.expectPost(path)
                .with("{\"name\":\"x\"}")
                .answers("{\"id\":9,\"name\":\"x\",\"key\":\"x\",\"message\":\"\"}");
        assertThat(cli.typing("x").run("org", "create").exitCode()).isZero();
    }

    @Test
    void neverSendsTheTokenToAnotherServer() {
        String path = "/v1/organizations/create";
        try (TestingApi other = TestingApi.start()) {
            api.expectPost(path)
                    .with("{\"name\":\"\"}")
                    .answers(422, prompting(asking("Name:", other.address() + path, "{}", "name")));
            other.expectPost(path)
                    .withoutToken()
                    .with("{\"name\":\"x\"}")
                    .answers("{\"id\":9,\"name\":\"x\",\"key\":\"x\",\"message\":\"\"}");
            assertThat(cli.typing("x").run("org", "create").exitCode()).isZero();
            other.assertSatisfied();
        }
    }

    @Test
    void makesEscapeSequencesOfTheServerVisible() {
        api.expectPost("/v1/organizations/7/close")
                .with("{}")
                .answers(complete("Bye \\u001b[31mred"));
        assertThat(cli.run("org", "close").out()).isEqualTo("Bye \\u001b[31mred\n");
    }
}
