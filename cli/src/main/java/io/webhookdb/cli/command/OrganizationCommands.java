package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Fields;
import io.webhookdb.cli.api.Reply;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.output.BlocksView;
import io.webhookdb.cli.prefs.ActiveOrganization;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code org}: the organizations you belong to. Members are in {@link MemberCommands}. */
@Command
final class OrganizationCommands extends MemberCommands {
    OrganizationCommands(Session session) {
        super(session);
    }

    @Command(
            name = "activate",
            description = "Make an organization the one commands act on.",
            footer = "  webhookdb org activate acme")
    void activate(
            @Parameters(arity = "0..1", paramLabel = "ORG", description = "Key, name or number.")
                    String argument,
            @Option(
                            names = {"-o", "--org"},
                            paramLabel = "ORG",
                            description = "The same as a flag.")
                    String flag) {
        String wanted =
                Given.required(
                        "ORG",
                        Given.once("ORG", argument, flag),
                        "`webhookdb org list` shows what there is.");
        Reply reply = session.ask(Request.get("v1", "organizations", "-").query("org", wanted));
        session.activate(ActiveOrganization.required(reply.json(), reply.route()));
    }

    @Command(
            name = "current",
            description = "Show the active organization. Asks nothing of the API.")
    void current() {
        session.printer()
                .result(
                        session.login()
                                .organization()
                                .map(ActiveOrganization::display)
                                .orElse("<none>"));
    }

    @Command(name = "list", description = "List your organizations and invitations.")
    void list(@Mixin OutputOption.Short output) {
        String active = session.login().organization().map(ActiveOrganization::key).orElse("");
        session.show(
                Request.get("v1", "me", "organization_memberships")
                        .query("active_org_identifier", active),
                BlocksView::of,
                output);
    }

    @Command(
            name = "create",
            description = "Create an organization and make it the active one.",
            footer = "  webhookdb org create 'Acme Corp'")
    void create(
            @Parameters(arity = "0..1", paramLabel = "NAME", description = "Its name.")
                    String argument,
            @Option(
                            names = {"-n", "--name"},
                            paramLabel = "NAME",
                            description = "The same as a flag.")
                    String flag) {
        Reply reply =
                session.ask(
                        Request.post("v1", "organizations", "create")
                                .with(
                                        Fields.none()
                                                .text("name", Given.once("NAME", argument, flag))));
        ActiveOrganization created = ActiveOrganization.required(reply.json(), reply.route());
        session.printer().message(reply);
        session.activate(created);
    }

    @Command(
            name = "join",
            description = "Accept an invitation and make that organization the active one.",
            footer = "  webhookdb org join join-1a2b3c4d")
    void join(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "CODE",
                            description = "The code of the invitation (join-...).")
                    String argument,
            @Option(
                            names = {"-c", "--code"},
                            paramLabel = "CODE",
                            description = "The same as a flag.")
                    String flag) {
        Reply reply =
                session.ask(
                        Request.post("v1", "organizations", "join")
                                .with(
                                        Fields.none()
                                                .text(
                                                        "invitation_code",
                                                        Given.once("CODE", argument, flag))));
        ActiveOrganization joined =
                ActiveOrganization.required(reply.object().path("organization"), reply.route());
        session.printer().message(reply);
        session.activate(joined);
    }

    @Command(
            name = "update",
            description = "Change the name or the billing email. The key never changes.",
            footer = "  webhookdb org update --field name --value 'Acme Ltd'")
    void update(
            @Mixin OrganizationOption org,
            @Option(
                            names = {"-f", "--field"},
                            required = true,
                            paramLabel = "FIELD",
                            description = "name or billing_email.")
                    String field,
            @Option(
                            names = {"-v", "--value"},
                            required = true,
                            paramLabel = "VALUE",
                            description = "Its new value.")
                    String value) {
        session.message(
                Request.post("v1", "organizations", session.organization(org), "update")
                        .with(Fields.none().text("field", field).text("value", value)));
    }

    @Command(name = "close", description = "Ask for the organization to be closed.")
    void close(@Mixin OrganizationOption org) {
        session.onboard(
                Request.post("v1", "organizations", session.organization(org), "close")
                        .with(Fields.none()));
    }
}
