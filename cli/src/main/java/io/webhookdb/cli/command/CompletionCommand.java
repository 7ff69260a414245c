package io.webhookdb.cli.command;

import io.webhookdb.cli.CliFailure;
import java.util.Set;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completion}: the script a shell completes words with. */
@Command(
        footer = {
            "  source <(webhookdb completion bash)",
            "  webhookdb completion zsh > ~/.webhookdb/completion.zsh"
        })
final class CompletionCommand implements Runnable {
    private static final Set<String> SHELLS = Set.of("bash", "zsh");
    private final Session session;

    @Spec CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    String shell;

    CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        if (!SHELLS.contains(shell)) {
            throw CliFailure.usage(
                    "\"" + shell + "\" is no shell known here; expected bash or zsh");
        }
        // One script serves both: it starts bash's completion where it finds itself in zsh.
        session.printer().result(AutoComplete.bash("webhookdb", spec.root().commandLine()));
    }
}
