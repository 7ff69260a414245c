package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Fields;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.output.ListView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code db migrations}: moving an organization to another database. */
@Command(name = "migrations", description = "Move the organization to another database.")
final class MigrationCommands {
    private final Session session;

    MigrationCommands(Session session) {
        this.session = session;
    }

    @Command(
            name = "start",
            description = "Start a migration. Addresses not given are asked for, without echo.",
            footer = "  webhookdb db migrations start")
    void start(
            @Mixin OrganizationOption org,
            @Option(
                            names = {"-a", "--admin-url"},
                            paramLabel = "URL",
                            description = "Connection string of the owner.")
                    String adminUrl,
            @Option(
                            names = {"-r", "--readonly-url"},
                            paramLabel = "URL",
                            description = "Connection string for reading; blank: the owner's.")
                    String readonlyUrl) {
        session.message(
                Request.post("v1", "db", session.organization(org), "migrate_database")
                        .with(
                                Fields.none()
                                        .text("admin_url", adminUrl)
                                        .textIfGiven("readonly_url", readonlyUrl)));
    }

    @Command(name = "list", description = "List the migrations.")
    void list(@Mixin OrganizationOption org, @Mixin OutputOption.Short output) {
        session.show(
                Request.get("v1", "db", session.organization(org), "migrations"),
                ListView::of,
                output);
    }
}
