package io.webhookdb.standalone;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.controlplane.provisioner.LostDatabase;
import io.webhookdb.controlplane.provisioner.rotation.RotationConsole;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.keyset.KeysetFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code admin}: what operators do, with the keysets and the application database at hand. */
@Command(
        name = "admin",
        mixinStandardHelpOptions = true,
        description = "Operators' commands; they work on the keysets and the application database.")
final class AdminCommand {
    @Spec picocli.CommandLine.Model.CommandSpec spec;

    @Command(
            name = "rotate-keys",
            mixinStandardHelpOptions = true,
            description = {
                "Replace every key while everything runs, or go on with a rotation that was begun.",
                "Ends when the old keys are gone everywhere. Without --database-url, the system in"
                        + " the data folder, which has to be up."
            })
    int rotateKeys(
            @Option(
                            names = "--data",
                            defaultValue = "${env:WEBHOOKDB_DATA:-.webhookdb}",
                            description = "Data folder of `up` (WEBHOOKDB_DATA).")
                    Path data,
            @Option(
                            names = "--database-url",
                            defaultValue = "${env:WEBHOOKDB_DATABASE_URL:-}",
                            description = "Application database (WEBHOOKDB_DATABASE_URL).")
                    String databaseUrl,
            @Option(
                            names = "--keysets",
                            defaultValue = "${env:WEBHOOKDB_KEYSETS:-}",
                            description =
                                    "Folder with all four keysets, which is changed"
                                            + " (WEBHOOKDB_KEYSETS).")
                    String keysets,
            @Option(
                            names = "--without",
                            paramLabel = "PART",
                            description =
                                    "A part that ran within the last day and does not any more"
                                            + " (ingest, api, provisioner, replication, delivery,"
                                            + " sync, backfill); may be given more than once.")
                    Set<String> without,
            @Option(
                            names = "--publish",
                            paramLabel = "COMMAND",
                            defaultValue = "",
                            description =
                                    "Shell command that brings the folder to the parts, where they"
                                            + " do not share it; runs whenever it has changed.")
                    String publish,
            @Option(
                            names = "--minutes",
                            defaultValue = "60",
                            description = "Give up after so many minutes (default: 60).")
                    int minutes) {
        if (!databaseUrl.isBlank() && keysets.isBlank()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "WEBHOOKDB_KEYSETS is not set. Expected: the folder with all four keysets.");
        }
        Path folder =
                keysets.isBlank() ? data.resolve("keysets").toAbsolutePath() : Path.of(keysets);
        new RotationConsole(UpCommand::print, () -> run(publish))
                .run(
                        databaseUrl.isBlank() ? embedded(data) : PostgresUrl.parse(databaseUrl),
                        KeysetFolder.open(folder),
                        without == null ? Set.of() : without,
                        Duration.ofMinutes(minutes));
        return 0;
    }

    @Command(
            name = "remake-database",
            mixinStandardHelpOptions = true,
            description = {
                "Make an organization's database again, which is lost: the same names and"
                        + " passwords, empty tables. What is still there is left as it is.",
                "Without --database-url, for the system in the data folder, which has to be up."
            })
    int remakeDatabase(
            @Option(
                            names = "--data",
                            defaultValue = "${env:WEBHOOKDB_DATA:-.webhookdb}",
                            description = "Data folder of `up` (WEBHOOKDB_DATA).")
                    Path data,
            @Option(
                            names = "--database-url",
                            defaultValue = "${env:WEBHOOKDB_DATABASE_URL:-}",
                            description = "Application database (WEBHOOKDB_DATABASE_URL).")
                    String databaseUrl,
            @Parameters(paramLabel = "ORG", description = "Key or number of the organization.")
                    String organization) {
        List<String> tables =
                LostDatabase.remake(
                        databaseUrl.isBlank() ? embedded(data) : PostgresUrl.parse(databaseUrl),
                        organization);
        UpCommand.print("The provisioner makes it again, with tables " + tables + ".");
        UpCommand.print(
                "Rows come back by `webhookdb replay --everything`, as far as the log goes, and by"
                        + " `webhookdb backfill`. Saved views are made again, too.");
        return 0;
    }

    /** Runs a command of the operator, whose output is theirs to see. */
    private static void run(String command) {
        if (command.isBlank()) {
            return;
        }
        try {
            int status = new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor();
            if (status != 0) {
                throw new IllegalStateException(
                        "The --publish command ended with "
                                + status
                                + ", expected 0. Run the same command again to go on.");
            }
        } catch (IOException e) {
            throw new IllegalStateException("The --publish command cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while publishing keysets", e);
        }
    }

    /** The application database of a system that is up. */
    private static PostgresUrl embedded(Path data) {
        try {
            Path ready = data.resolve("ready.json");
            if (!Files.exists(ready)) {
                throw new IllegalStateException(
                        "No system is up in "
                                + data.toAbsolutePath()
                                + ". Start it with `webhookdb up`, or set WEBHOOKDB_DATABASE_URL"
                                + " and WEBHOOKDB_KEYSETS.");
            }
            return EmbeddedApplicationDatabase.of(
                    PostgresUrl.parse(
                            new JsonMapper()
                                    .readTree(Files.readAllBytes(ready))
                                    .path("postgres_url")
                                    .asText()),
                    Files.readString(data.resolve(WholeSystem.APPLICATION_PASSWORD)));
        } catch (IOException e) {
            throw new IllegalStateException("Data folder " + data + " cannot be read", e);
        }
    }
}
