package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Fields;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.output.ListView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tokens}: API tokens, for scripts. */
@Command
final class TokenCommands {
    private static final String TOKENS = "api_tokens";
    private final Session session;

    TokenCommands(Session session) {
        this.session = session;
    }

    @Command(
            name = "create",
            description =
                    "Make a token for scripts. It is shown once; a script gives it to this command"
                            + " in WEBHOOKDB_API_TOKEN, or to the API as \"Authorization: Bearer\"."
                            + " It acts for you and ends when you leave the organization.",
            footer = "  webhookdb tokens create ci --scope read --expires-in-days 90")
    void create(
            @Mixin OrganizationOption org,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "NAME",
                            description = "What you will know it by.")
                    String argument,
            @Option(
                            names = {"-n", "--name"},
                            paramLabel = "NAME",
                            description = "The same as a flag.")
                    String flag,
            @Option(
                            names = {"-s", "--scope"},
                            paramLabel = "SCOPE",
                            description =
                                    "read: see and query. write: also change what is stored and"
                                            + " where it goes, and read credentials. ingest-admin:"
                                            + " also integrations and what comes in.")
                    String scope,
            @Option(
                            names = "--expires-in-days",
                            paramLabel = "DAYS",
                            description = "When it ends by itself; without, never.")
                    Integer days) {
        session.message(
                Request.post("v1", "organizations", session.organization(org), TOKENS)
                        .with(
                                Fields.none()
                                        .text("name", Given.once("NAME", argument, flag))
                                        .text("scope", scope)
                                        .numberIfGiven("expires_in_days", days)));
    }

    @Command(name = "list", description = "List the tokens, with their last use.")
    void list(@Mixin OrganizationOption org, @Mixin OutputOption.Short output) {
        session.show(
                Request.get("v1", "organizations", session.organization(org), TOKENS),
                ListView::of,
                output);
    }

    @Command(
            name = "revoke",
            aliases = "delete",
            description = "End a token, at once and for good.")
    void revoke(
            @Mixin OrganizationOption org,
            @Parameters(arity = "0..1", paramLabel = "ID", description = "Its id.") String id) {
        String given = Given.required("ID", id, "`webhookdb tokens list` shows what there is.");
        session.message(
                Request.post(
                        "v1", "organizations", session.organization(org), TOKENS, given, "revoke"));
    }
}
