package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.output.ListView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code audit}: who did what. */
@Command
final class AuditCommands {
    private final Session session;

    AuditCommands(Session session) {
        this.session = session;
    }

    @Command(
            name = "list",
            description =
                    "Show who did what, the newest first: changes, logins, queries without their"
                            + " values, and who read a connection string. For admins.",
            footer = "  webhookdb audit list --limit 500 -f csv")
    void list(
            @Mixin OrganizationOption org,
            @Option(
                            names = {"-l", "--limit"},
                            paramLabel = "N",
                            description = "At most so many entries (default: 100).")
                    Integer limit,
            @Option(
                            names = "--before",
                            paramLabel = "ID",
                            description = "Only entries older than this one.")
                    String before,
            @Mixin OutputOption.Short output) {
        Request request =
                Request.get("v1", "organizations", session.organization(org), "audit_log");
        if (limit != null) {
            request = request.query("limit", limit.toString());
        }
        if (before != null) {
            request = request.query("before", before);
        }
        session.show(request, ListView::of, output);
    }
}
