package io.webhookdb.cli.command;

import java.util.LinkedHashSet;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code docs}: this manual. */
@Command
final class DocumentationCommands {
    private final Session session;

    @Spec CommandSpec spec;

    DocumentationCommands(Session session) {
        this.session = session;
    }

    @Command(
            name = "manual",
            description = "Print the help of every command, as Markdown.",
            footer = "  webhookdb docs manual | less")
    void manual() {
        StringBuilder text = new StringBuilder("# Commands of `webhookdb`\n");
        page(text, spec.root().commandLine(), 1);
        session.printer().result(text.toString());
    }

    private static void page(StringBuilder text, CommandLine command, int level) {
        if (command.getCommandSpec().usageMessage().hidden()) {
            return;
        }
        if (level > 1) {
            text.append('\n')
                    .append("#".repeat(level))
                    .append(' ')
                    .append(command.getCommandSpec().qualifiedName())
                    .append('\n');
        }
        text.append("\n```\n").append(command.getUsageMessage(Ansi.OFF).strip()).append("\n```\n");
        // Aliases are further keys of the same command.
        Set<CommandLine> below = new LinkedHashSet<>(command.getSubcommands().values());
        below.forEach(sub -> page(text, sub, level + 1));
    }
}
