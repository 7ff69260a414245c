package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Fields;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.output.ListView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The part of {@code org} that is about its members. */
abstract class MemberCommands {
    final Session session;

    MemberCommands(Session session) {
        this.session = session;
    }

    private Request post(OrganizationOption org, String verb) {
        return Request.post("v1", "organizations", session.organization(org), verb);
    }

    @Command(name = "members", description = "List the members, invited ones included.")
    void members(@Mixin OrganizationOption org, @Mixin OutputOption.Short output) {
        session.show(
                Request.get("v1", "organizations", session.organization(org), "members"),
                ListView::of,
                output);
    }

    @Command(
            name = "invite",
            description = "Invite somebody; the answer has the code to join with.",
            footer = "  webhookdb org invite grace@example.com --role admin")
    void invite(
            @Mixin OrganizationOption org,
            @Parameters(arity = "0..1", paramLabel = "EMAIL", description = "Whom to invite.")
                    String argument,
            @Option(
                            names = {"-u", "--username"},
                            paramLabel = "EMAIL",
                            description = "The same as a flag.")
                    String flag,
            @Option(
                            names = {"-r", "--role"},
                            paramLabel = "ROLE",
                            description = "admin or member. Default: member.")
                    String role) {
        session.message(
                post(org, "invite")
                        .with(
                                Fields.none()
                                        .text("email", Given.once("EMAIL", argument, flag))
                                        .textIfGiven("role_name", role)));
    }

    @Command(
            name = "remove",
            description = "Remove a member.",
            footer = "  webhookdb org remove grace@example.com")
    void remove(
            @Mixin OrganizationOption org,
            @Parameters(arity = "0..1", paramLabel = "EMAIL", description = "Whom to remove.")
                    String argument,
            @Option(
                            names = {"-u", "--username"},
                            paramLabel = "EMAIL",
                            description = "The same as a flag.")
                    String flag) {
        String email =
                Given.required(
                        "EMAIL",
                        Given.once("EMAIL", argument, flag),
                        "`webhookdb org members` shows who there is.");
        session.message(post(org, "remove_member").with(Fields.none().text("email", email)));
    }

    @Command(
            name = "changerole",
            aliases = "change-role",
            description = "Give members another role.",
            footer =
                    "  webhookdb org changerole --usernames a@example.com,b@example.com --role"
                            + " admin")
    void changeRole(
            @Mixin OrganizationOption org,
            @Option(
                            names = {"-u", "--usernames"},
                            paramLabel = "EMAILS",
                            description = "Whose, separated by commas.")
                    String emails,
            @Option(
                            names = {"-r", "--role"},
                            paramLabel = "ROLE",
                            description = "admin or member.")
                    String role) {
        session.message(
                post(org, "change_roles")
                        .with(Fields.none().text("emails", emails).text("role_name", role)));
    }
}
