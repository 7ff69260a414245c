package io.webhookdb.standalone;

import io.webhookdb.controlplane.api.ApiMain;
import io.webhookdb.controlplane.database.MigrateMain;
import io.webhookdb.controlplane.provisioner.ProvisionerMain;
import io.webhookdb.ingest.IngestMain;
import io.webhookdb.security.keyset.KeysetsMain;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;

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
                            wrong.getCommandLine().getErr().println(wrong.getMessage());
                            wrong.getCommandLine().usage(wrong.getCommandLine().getErr());
                            return 1;
                        });
    }
}
