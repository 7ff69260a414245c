package io.webhookdb.cli;

import io.webhookdb.cli.prefs.ActiveOrganization;
import io.webhookdb.cli.prefs.Login;
import io.webhookdb.cli.prefs.PrefsFile;
import io.webhookdb.cli.terminal.Colour;
import io.webhookdb.cli.terminal.Echo;
import io.webhookdb.cli.terminal.PipedTerminal;
import io.webhookdb.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs command lines in this process: own home, own streams. */
final class TestingCli {
    /** What a run left behind. */
    record Run(int exitCode, String out, String err) {}

    final Map<String, String> environment = new HashMap<>();
    final PrefsFile prefs;
    final List<Echo> echoes = new ArrayList<>();
    private final Path home;
    private String input = "";
    private Colour colour = Colour.OFF;

    TestingCli(Path home, String address) {
        this.home = home;
        this.prefs = new PrefsFile(home);
        environment.put("HOME", home.toString());
        environment.put("WEBHOOKDB_API_HOST", address);
    }

    /** Ada, in organization 7. */
    TestingCli loggedIn() {
        prefs.write(
                environment.get("WEBHOOKDB_API_HOST"),
                new Login(
                        Optional.of(TestingApi.TOKEN),
                        "ada@example.com",
                        Optional.of(new ActiveOrganization(7, "Acme Corp", "acme_corp"))));
        return this;
    }

    /** What is typed: one line an answer, then the end. */
    TestingCli typing(String... lines) {
        this.input = lines.length == 0 ? "" : String.join("\n", lines) + "\n";
        return this;
    }

    TestingCli onColourTerminal() {
        this.colour = Colour.ON;
        return this;
    }

    Path home() {
        return home;
    }

    Run run(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PipedTerminal piped =
                new PipedTerminal(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        int exitCode = WebhookdbCli.run(words, new Observed(piped), environment);
        return new Run(
                exitCode,
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8));
    }

    /** The piped terminal, noting how each answer was asked for. */
    private final class Observed implements Terminal {
        private final Terminal piped;

        private Observed(Terminal piped) {
            this.piped = piped;
        }

        @Override
        public PrintStream out() {
            return piped.out();
        }

        @Override
        public PrintStream err() {
            return piped.err();
        }

        @Override
        public Optional<String> ask(String question, Echo echo) {
            echoes.add(echo);
            return piped.ask(question, echo);
        }

        @Override
        public Colour colour() {
            return colour;
        }
    }
}
