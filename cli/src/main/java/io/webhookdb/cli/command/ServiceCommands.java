package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.output.ListView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code services}: what can be integrated. */
@Command
final class ServiceCommands {
    private final Session session;

    ServiceCommands(Session session) {
        this.session = session;
    }

    @Command(
            name = "list",
            description = "List the services your organization can integrate.",
            footer = "  webhookdb services list | grep stripe")
    void list(@Mixin OrganizationOption org, @Mixin OutputOption.Short output) {
        session.show(
                Request.get("v1", "organizations", session.organization(org), "services"),
                ListView::of,
                output);
    }
}
