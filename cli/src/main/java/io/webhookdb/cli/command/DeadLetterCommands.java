package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Fields;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.output.ListView;
import io.webhookdb.cli.output.SingleView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dead-letters}: what was received and could not become a row. */
@Command
final class DeadLetterCommands {
    private final Session session;

    DeadLetterCommands(Session session) {
        this.session = session;
    }

    @Command(
            name = "list",
            description = "List what could not become a row, the newest first.",
            footer = {
                "  webhookdb dead-letters list",
                "  webhookdb dead-letters list svi_4k2 --reason NO_REMOTE_KEY --limit 100"
            })
    void list(
            @Mixin OrganizationOption org,
            @Mixin IntegrationOption integration,
            @Option(names = "--reason", paramLabel = "REASON", description = "Only of this reason.")
                    String reason,
            @Option(
                            names = "--state",
                            paramLabel = "STATE",
                            description = "dead, retrying, retried or gone.")
                    String state,
            @Option(
                            names = "--before",
                            paramLabel = "ID",
                            description = "Only older than this one.")
                    String before,
            @Option(
                            names = "--limit",
                            paramLabel = "COUNT",
                            description = "At most so many. Default: 50.")
                    Integer limit,
            @Mixin OutputOption.Short output) {
        Request request =
                Request.get("v1", "organizations", session.organization(org), "dead_letters");
        request = given(request, "service_integration_identifier", integration.optional());
        request = given(request, "reason", reason);
        request = given(request, "state", state);
        request = given(request, "before", before);
        request = given(request, "limit", limit == null ? null : limit.toString());
        session.show(request, ListView::of, output);
    }

    @Command(
            name = "show",
            description = "Show one with what was received.",
            footer = "  webhookdb dead-letters show dlt_4k2 --format json")
    void show(
            @Mixin OrganizationOption org,
            @Parameters(arity = "0..1", paramLabel = "ID", description = "Id (dlt_...).") String id,
            @Mixin OutputOption.Short output) {
        session.show(
                Request.get(
                        "v1",
                        "organizations",
                        session.organization(org),
                        "dead_letters",
                        required(id)),
                SingleView::of,
                output);
    }

    @Command(
            name = "retry",
            description = {
                "Process one again, or all there are.",
                "",
                "What is received again keeps its id, so nothing happens twice."
            },
            footer = {
                "  webhookdb dead-letters retry dlt_4k2",
                "  webhookdb dead-letters retry --all --reason UNKNOWN_INTEGRATION"
            })
    void retry(
            @Mixin OrganizationOption org,
            @Parameters(arity = "0..1", paramLabel = "ID", description = "Id (dlt_...).") String id,
            @Option(names = "--all", description = "All that are dead.") boolean all,
            @Option(
                            names = {"-i", "--integration"},
                            paramLabel = "INTEGRATION",
                            description = "With --all: only of this integration.")
                    String integration,
            @Option(
                            names = "--reason",
                            paramLabel = "REASON",
                            description = "With --all: only of this reason.")
                    String reason) {
        String organization = session.organization(org);
        session.message(
                all
                        ? Request.post("v1", "organizations", organization, "dead_letters", "retry")
                                .with(
                                        Fields.none()
                                                .textIfGiven(
                                                        "service_integration_identifier",
                                                        integration)
                                                .textIfGiven("reason", reason))
                        : Request.post(
                                        "v1",
                                        "organizations",
                                        organization,
                                        "dead_letters",
                                        required(id),
                                        "retry")
                                .with(Fields.none()));
    }

    private static Request given(Request request, String name, String value) {
        return value == null || value.isBlank() ? request : request.query(name, value);
    }

    private static String required(String id) {
        return Given.required("ID", id, "`webhookdb dead-letters list` shows what there is.");
    }
}
