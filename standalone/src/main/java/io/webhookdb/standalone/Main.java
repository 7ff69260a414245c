package io.webhookdb.standalone;

import io.webhookdb.controlplane.api.ApiMain;
import io.webhookdb.controlplane.database.MigrateMain;
import io.webhookdb.controlplane.provisioner.ProvisionerMain;
import io.webhookdb.ingest.IngestMain;
import io.webhookdb.security.keyset.KeysetsMain;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Entry of {@code ./webhookdb}: the first word chooses the part. */
@Command(
        name = "webhookdb",
        description = "Replicates any API into SQL.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {UpCommand.class, DemoCommand.class, PrimeCommand.class, AdminCommand.class},
        footer = {
            "",
            "Single parts, configured by environment variables:",
            "  ingest        receives webhooks",
            "  api           serves the HTTP API",
            "  provisioner   owns databases, publishes what exists",
            "",
            "Steps of an installation:",
            "  keysets FOLDER   makes the keysets of a new installation",
            "  migrate          brings the application database to this release",
        })
public final class Main {
    private Main() {}

    /**
     * Runs the command; exit code 0 if it did what it promises, 1 for wrong usage, 2 for failure.
     */
    public static void main(String[] arguments) throws Exception {
        try {
            LogFormat.choose(System.getenv());
        } catch (IllegalArgumentException e) {
            System.err.println("webhookdb: " + e.getMessage());
            System.exit(2);
        }
        String first = arguments.length == 0 ? "" : arguments[0];
        String[] rest =
                arguments.length == 0
                        ? arguments
                        : Arrays.copyOfRange(arguments, 1, arguments.length);
        switch (first) {
            case "ingest" -> IngestMain.main(rest);
            case "api" -> ApiMain.main(rest);
            case "provisioner" -> ProvisionerMain.main(rest);
            case "migrate" -> MigrateMain.main(rest);
            case "keysets" -> KeysetsMain.main(rest);
            default -> System.exit(commandLine().execute(arguments));
        }
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setExecutionExceptionHandler(
                        (failure, command, parsed) -> {
                            command.getErr().println("webhookdb: " + Causes.told(failure));
                            return 2;
                        })
                .setParameterExceptionHandler(
                        (wrong, arguments) -> {
                            tell(wrong, wrong.getCommandLine().getErr());
                            return 1;
                        });
    }

    /** A wrong value is told in one line: the list of options would push it off the screen. */
    private static void tell(ParameterException wrong, PrintWriter out) {
        Optional<String> variable = EnvironmentDefaults.variable(wrong.getArgSpec());
        if (variable.isEmpty() || wrong.getValue() == null) {
            out.println(wrong.getMessage());
            wrong.getCommandLine().usage(out);
            return;
        }
        String option = ((OptionSpec) wrong.getArgSpec()).longestName();
        out.printf(
                "webhookdb: %s (%s) is \"%s\"; allowed is %s%n",
                variable.get(),
                option,
                wrong.getValue(),
                wrong.getArgSpec().type() == boolean.class ? "true or false" : "a whole number");
    }
}
