package io.webhookdb.cli.command;

import io.webhookdb.cli.Build;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The flags every command takes, before or after its own words. */
@Command(
        name = "webhookdb",
        description = "Replicates any API into SQL. Start with `webhookdb auth login`.",
        versionProvider = RootOptions.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nEnvironment:%n",
        footer = {
            "  WEBHOOKDB_API_HOST         the API's address (default http://127.0.0.1:18001)",
            "  WEBHOOKDB_PREFS_NAMESPACE  keeps a login apart (default: the API's address)",
            "  WEBHOOKDB_DEBUG            true: as --debug",
            "  NO_COLOR                   anything: no colours",
            "",
            "Logins are kept in ~/.webhookdb/config. Exit codes: 0 done, 1 wrong usage, 2 the API",
            "refused or is out of reach."
        })
final class RootOptions {
    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "Print results only, no messages.")
    boolean quiet;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Trace requests to standard error; no tokens, no bodies.")
    boolean debug;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version.")
    boolean version;

    /** Read only when asked for: the file need not be opened otherwise. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {Build.current().version()};
        }
    }
}
