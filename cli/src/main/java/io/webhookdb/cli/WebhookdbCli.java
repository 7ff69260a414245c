package io.webhookdb.cli;

import io.webhookdb.cli.command.CommandTree;
import io.webhookdb.cli.command.ManualLayout;
import io.webhookdb.cli.output.Printable;
import io.webhookdb.cli.terminal.Colour;
import io.webhookdb.cli.terminal.SystemTerminal;
import io.webhookdb.cli.terminal.Terminal;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code webhookdb} command. */
public final class WebhookdbCli {
    private static final Set<String> HELP = Set.of("help", "h");

    private WebhookdbCli() {}

    /** Runs the command and ends the process with the exit code of its {@link Outcome}. */
    public static void main(String[] words) {
        Map<String, String> environment = System.getenv();
        System.exit(run(words, new SystemTerminal(environment), environment));
    }

    /**
     * Runs the command.
     *
     * @param words the command line
     * @param terminal where it prints and asks
     * @param environment the environment variables
     * @return the exit code
     */
    public static int run(String[] words, Terminal terminal, Map<String, String> environment) {
        List<String> line = helpAsFlag(words);
        CommandLine tree = CommandTree.build(line, environment, terminal);
        ManualLayout.apply(tree);
        tree.setOut(writer(terminal.out()));
        tree.setErr(writer(terminal.err()));
        tree.setColorScheme(
                Help.defaultColorScheme(terminal.colour() == Colour.ON ? Ansi.ON : Ansi.OFF));
        tree.setExpandAtFiles(false); // "@name" is a value like any other
        tree.setParameterExceptionHandler(WebhookdbCli::wrongWords);
        tree.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, terminal));
        int exitCode = tree.execute(line.toArray(String[]::new));
        boolean lost = terminal.out().checkError();
        if (lost && exitCode == Outcome.DONE.exitCode()) {
            terminal.err().println("webhookdb: the output could not be written to its end");
            return Outcome.FAILED.exitCode();
        }
        return exitCode;
    }

    /** {@code help org invite} is {@code org invite --help}; no words at all ask for help, too. */
    private static List<String> helpAsFlag(String[] words) {
        boolean asked = words.length > 0 && HELP.contains(words[0]);
        List<String> line =
                new ArrayList<>(Arrays.asList(words).subList(asked ? 1 : 0, words.length));
        if (asked || line.isEmpty()) {
            line.add("--help");
        }
        return line;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private static int wrongWords(ParameterException wrong, String[] words) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("webhookdb: " + Printable.text(told(wrong)));
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            UnmatchedArgumentException.printSuggestions(unmatched, err);
        }
        err.println("Try `" + command.getCommandSpec().qualifiedName() + " --help`.");
        return Outcome.USAGE.exitCode();
    }

    private static String told(ParameterException wrong) {
        if (!(wrong instanceof UnmatchedArgumentException unmatched)) {
            return sentence(
                    wrong.getMessage().startsWith("Missing required subcommand")
                            ? "Missing COMMAND. There are "
                                    + wrong.getCommandLine().getSubcommands().values().stream()
                                            .map(CommandLine::getCommandName)
                                            .distinct()
                                            .collect(Collectors.joining(", "))
                            : wrong.getMessage()
                                    .replace("is not an int", "is no whole number")
                                    .replaceFirst(
                                            "^Missing required parameter: '(.*)'$", "Missing $1"));
        }
        String word = "\"" + unmatched.getUnmatched().get(0) + "\"";
        if (unmatched.isUnknownOption()) {
            return "Unknown flag " + word + ". A value that starts with - goes after a lone --.";
        }
        return wrong.getCommandLine().getSubcommands().isEmpty()
                ? "One argument too many: " + word + ". Quote values that have blanks in them."
                : "Unknown command " + word + ".";
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }

    private static int failed(Exception failure, Terminal terminal) {
        if (failure instanceof CliFailure told) {
            terminal.err().println("webhookdb: " + Printable.text(told.getMessage()));
            return told.outcome().exitCode();
        }
        terminal.err().println("webhookdb: this is a bug, please report it:");
        failure.printStackTrace(terminal.err());
        return Outcome.FAILED.exitCode();
    }
}
