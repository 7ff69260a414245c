package io.webhookdb.cli.command;

import io.webhookdb.cli.command.SyncCommands.Kind;
import io.webhookdb.cli.terminal.Terminal;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * All commands. Only the groups a command line names are built: reading the annotations of all of
 * them would take longer than most requests. Where the line does not start with a group, the others
 * stand in the help with their name.
 */
public final class CommandTree {
    /** Commands that need the others to be complete. */
    private static final Set<String> NEED_ALL = Set.of("completion", "docs");

    private static final List<Entry> ENTRIES =
            List.of(
                    new Entry("auth", "Log in, log out, see who you are."),
                    new Entry(
                            "org",
                            "Organizations and their members.",
                            "orgs",
                            "organization",
                            "organizations"),
                    new Entry("services", "Services that can be integrated.", "service"),
                    new Entry("integrations", "Replicate services into tables.", "integration"),
                    new Entry("backfill", "Fetch what already exists at a service."),
                    new Entry("db", "Your database: connection, tables, queries."),
                    new Entry("fixtures", "Print the DDL of a service's table, for tests."),
                    new Entry(
                            "webhooks",
                            "Have addresses told about changed rows.",
                            "webhook",
                            "notification",
                            "notifications"),
                    new Entry("listen", "Have changes sent to your own machine."),
                    new Entry("dbsync", "Keep copies of tables in other databases.", "sync"),
                    new Entry("httpsync", "Send changed rows to HTTP endpoints."),
                    new Entry("replay", "Process received webhooks once more."),
                    new Entry(
                            "dead-letters",
                            "What was received and could not become a row.",
                            "dead-letter"),
                    new Entry(
                            "error-handler", "Have addresses told about errors.", "error-handlers"),
                    new Entry(
                            "saved-query",
                            "Queries kept on the server.",
                            "saved-queries",
                            "custom-query",
                            "custom-queries"),
                    new Entry(
                            "saved-view",
                            "Views in your database.",
                            "saved-views",
                            "view",
                            "views"),
                    new Entry("subscription", "The plan of your organization.", "subscriptions"),
                    new Entry("tokens", "API tokens, for scripts.", "token"),
                    new Entry("audit", "Who did what in your organization."),
                    new Entry("completion", "Print the completion script of a shell."),
                    new Entry("docs", "Print the manual."),
                    new Entry("version", "Print the version."),
                    new Entry("debug", "Find out what is wrong."));

    /** A command of the first level. */
    private record Entry(String name, String description, String... aliases) {
        boolean startsOf(List<String> words) {
            return !words.isEmpty() && namedIn(Set.of(words.get(0)));
        }

        boolean namedIn(Set<String> words) {
            return words.contains(name) || Arrays.stream(aliases).anyMatch(words::contains);
        }
    }

    private CommandTree() {}

    /** The commands, as far as {@code words} need them. */
    public static CommandLine build(
            List<String> words, Map<String, String> environment, Terminal terminal) {
        RootOptions root = new RootOptions();
        Session session = new Session(environment, terminal, root);
        CommandLine tree = new CommandLine(root);
        Set<String> named = new HashSet<>(words);
        boolean all = named.stream().anyMatch(NEED_ALL::contains);
        boolean alone = !all && ENTRIES.stream().anyMatch(entry -> entry.startsOf(words));
        for (Entry entry : ENTRIES) {
            boolean wanted = all || entry.namedIn(named);
            if (wanted || !alone) {
                CommandLine command =
                        wanted
                                ? filled(entry.name(), session)
                                : new CommandLine(CommandSpec.create());
                command.getCommandSpec().usageMessage().description(entry.description());
                command.getCommandSpec().usageMessage().hidden(entry.name().equals("debug"));
                tree.addSubcommand(entry.name(), command, entry.aliases());
            }
        }
        return tree;
    }

    private static CommandLine filled(String name, Session session) {
        CommandLine command = new CommandLine(commands(name, session));
        if (name.equals("db")) {
            command.addSubcommand(new MigrationCommands(session));
        }
        return command;
    }

    private static Object commands(String name, Session session) {
        return switch (name) {
            case "auth" -> new AuthCommands(session);
            case "org" -> new OrganizationCommands(session);
            case "services" -> new ServiceCommands(session);
            case "integrations" -> new IntegrationCommands(session);
            case "backfill" -> new BackfillCommand(session);
            case "db" -> new DatabaseCommands(session);
            case "fixtures" -> new FixturesCommand(session);
            case "webhooks" -> new NotificationCommands(session);
            case "listen" -> new ListenCommand(session);
            case "dbsync" -> new SyncCommands(session, Kind.DB);
            case "httpsync" -> new SyncCommands(session, Kind.HTTP);
            case "replay" -> new ReplayCommand(session);
            case "dead-letters" -> new DeadLetterCommands(session);
            case "error-handler" -> new ErrorHandlerCommands(session);
            case "saved-query" -> new SavedQueryCommands(session);
            case "saved-view" -> new SavedViewCommands(session);
            case "subscription" -> new SubscriptionCommands(session);
            case "tokens" -> new TokenCommands(session);
            case "audit" -> new AuditCommands(session);
            case "completion" -> new CompletionCommand(session);
            case "docs" -> new DocumentationCommands(session);
            case "version" -> new VersionCommand(session);
            case "debug" -> new DebugCommands(session);
            default -> throw new IllegalArgumentException("No command \"" + name + "\"");
        };
    }
}
