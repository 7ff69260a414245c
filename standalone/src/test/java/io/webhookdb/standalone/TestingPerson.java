package io.webhookdb.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.cli.WebhookdbCli;
import io.webhookdb.cli.terminal.PipedTerminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Someone with a home folder who types commands. */
final class TestingPerson {
    private final Path home;
    private final String api;
    private final Set<String> typed;

    /**
     * @param typed notes the words of each command
     */
    TestingPerson(Path home, String api, Set<String> typed) {
        this.home = home;
        this.api = api;
        this.typed = typed;
    }

    /** What a command came to. */
    record Outcome(int exitCode, String out, String err) {
        /** The command did what was asked and did not complain. */
        Outcome succeeded() {
            assertThat(exitCode).as(err + out).isZero();
            assertThat(err).doesNotContain("bug", "Exception");
            return this;
        }

        /** The server refused; the reason is on the error stream and nothing else is printed. */
        Outcome refused(String reason) {
            assertThat(exitCode).as(err + out).isEqualTo(2);
            assertThat(err).contains(reason).doesNotContain("bug", "Exception");
            assertThat(out).isEmpty();
            return this;
        }

        /** The words made no sense. */
        Outcome misused() {
            assertThat(exitCode).as(err + out).isEqualTo(1);
            assertThat(err).isNotBlank();
            return this;
        }
    }

    /** A command that asks nothing, or is given nothing to answer with. */
    Outcome types(String... words) {
        return answers(List.of(), words);
    }

    /** A command and one line for each of its questions. */
    Outcome answers(List<String> answers, String... words) {
        typed.add(String.join(" ", words));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String input = answers.isEmpty() ? "" : String.join("\n", answers) + "\n";
        int exitCode =
                WebhookdbCli.run(
                        words,
                        new PipedTerminal(
                                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                                new PrintStream(out, true, StandardCharsets.UTF_8),
                                new PrintStream(err, true, StandardCharsets.UTF_8)),
                        Map.of("HOME", home.toString(), "WEBHOOKDB_API_HOST", api));
        return new Outcome(
                exitCode,
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8));
    }
}
