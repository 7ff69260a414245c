package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Fields;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.output.ListView;
import io.webhookdb.cli.output.SingleView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code subscription}: the plan your organization is on. */
@Command
final class SubscriptionCommands {
    private final Session session;

    SubscriptionCommands(Session session) {
        this.session = session;
    }

    @Command(name = "info", description = "Show the plan and what is used of it.")
    void info(@Mixin OrganizationOption org, @Mixin OutputOption.Short output) {
        session.show(
                Request.get("v1", "organizations", session.organization(org), "subscriptions"),
                SingleView::of,
                output);
    }

    @Command(name = "plans", description = "List the plans.")
    void plans(@Mixin OrganizationOption org, @Mixin OutputOption.Short output) {
        session.show(
                Request.get(
                        "v1", "organizations", session.organization(org), "subscriptions", "plans"),
                ListView::of,
                output);
    }

    @Command(
            name = "edit",
            description = "Print the address of the billing portal, or open it.",
            footer = "  webhookdb subscription edit --plan monthly --open")
    void edit(
            @Mixin OrganizationOption org,
            @Option(
                            names = {"-p", "--plan"},
                            paramLabel = "PLAN",
                            description = "Key of a plan. See `webhookdb subscription plans`.")
                    String plan,
            @Option(names = "--open", description = "Open it in a browser.") boolean open) {
        String organization = session.organization(org);
        String url =
                session.ask(
                                Request.post(
                                                "v1",
                                                "organizations",
                                                organization,
                                                "subscriptions",
                                                "open_portal")
                                        .with(
                                                Fields.none()
                                                        .text("identifier", organization)
                                                        .text("plan", plan)))
                        .text("url");
        session.printer().result(url);
        if (open) {
            Browser.open(url, session.environment());
        }
    }
}
