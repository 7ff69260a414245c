package io.webhookdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.cli.TestingCli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Help, completion, version and the manual; none of them asks the API. */
class HelpTest {
    private TestingCli cli;

    @BeforeEach
    void noServer(@TempDir Path home) {
        cli = new TestingCli(home, "http://nowhere.invalid");
    }

    private String printed(String... words) {
        Run run = cli.run(words);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return run.out();
    }

    @Test
    void listsTheCommandsWhenThereAreNoWords() {
        assertThat(printed())
                .contains(
                        "Usage:\n  webhookdb ",
                        "  integrations, integration ",
                        "WEBHOOKDB_API_HOST")
                .doesNotContain("  debug ");
        assertThat(printed("help")).isEqualTo(printed());
        assertThat(printed("--help")).isEqualTo(printed());
    }

    @Test
    void explainsOneCommandWithAnExample() {
        String page = printed("help", "org", "invite");
        assertThat(page)
                .contains("Usage:\n  webhookdb org invite ", "Arguments:", "Flags:", "--role=ROLE")
                .contains("Examples:\n  webhookdb org invite grace@example.com --role admin\n");
        assertThat(printed("organizations", "invite", "-h")).contains("webhookdb org invite");
    }

    @ParameterizedTest
    @ValueSource(strings = {"completion bash", "completion zsh"})
    void completesEveryCommandInAScriptBashUnderstands(String line, @TempDir Path folder)
            throws IOException, InterruptedException {
        String script = printed(line.split(" "));
        assertThat(script).contains("update-creds", "--connection-url", "create-or-replace");
        Path file = Files.writeString(folder.resolve("completion"), script);
        Process bash = new ProcessBuilder("bash", "-n", file.toString()).start();
        assertThat(bash.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(bash.exitValue()).isZero();
    }

    @Test
    void printsTheVersionOfTheBuild() {
        assertThat(printed("version")).matches("\\d+\\.\\d+\\.\\d+.*\n");
        assertThat(printed("--version")).isEqualTo(printed("version"));
        assertThat(printed("version", "--time")).matches(".* \\d{4}-\\d\\d-\\d\\dT.*Z\n");
    }

    @Test
    void tellsWhatItWorksWith() {
        assertThat(printed("debug", "config"))
                .contains(
                        "http://nowhere.invalid",
                        cli.home().resolve(".webhookdb/config").toString());
    }

    @Test
    void hasItsManualInTheDocumentation() throws IOException {
        String manual = printed("docs", "manual");
        Path written = Path.of("..", "docs", "cli-commands.md");
        assertThat(Files.readString(written))
                .as("refresh it: ./webhookdb docs manual > docs/cli-commands.md")
                .isEqualTo(manual);
        for (String command : List.of("auth login", "db migrations start", "httpsync update")) {
            assertThat(manual).contains(" webhookdb " + command + "\n");
        }
    }

    @Test
    void readsNoEnvironmentFileAndTakesNoAtSignForAFile(@TempDir Path folder) throws IOException {
        Path words = Files.writeString(folder.resolve("words"), "version");
        Run run = cli.run("org", "activate", "@" + words, "@x");
        assertThat(run.err()).contains("One argument too many: \"@x\"");
    }
}
