package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Fields;
import io.webhookdb.cli.api.Reply;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.output.BlocksView;
import io.webhookdb.cli.output.ListView;
import io.webhookdb.cli.output.RowsView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code saved-query}: queries kept on the server, private or public. */
@Command
final class SavedQueryCommands {
    private static final String QUERIES = "saved_queries";
    private final Session session;

    SavedQueryCommands(Session session) {
        this.session = session;
    }

    /** A saved query, as argument or flag. {@code -q} is quiet, here too. */
    static final class Query {
        @Parameters(arity = "0..1", paramLabel = "ID", description = "Id (svq_...).")
        String argument;

        @Option(names = "--saved-query", paramLabel = "ID", description = "The same as a flag.")
        String flag;

        String required() {
            return Given.required(
                    "ID",
                    Given.once("ID", argument, flag),
                    "`webhookdb saved-query list` shows what there is.");
        }
    }

    private Request post(OrganizationOption org, Query query, String verb) {
        return Request.post(
                "v1", "organizations", session.organization(org), QUERIES, query.required(), verb);
    }

    @Command(
            name = "create",
            description = "Save a query; it is tried out first.",
            footer =
                    "  webhookdb saved-query create -d 'New customers' --sql 'select count(*) from"
                            + " customers'")
    void create(
            @Mixin OrganizationOption org,
            @Option(
                            names = {"-d", "--description", "--desc"},
                            paramLabel = "TEXT",
                            description = "What it is for.")
                    String description,
            @Option(names = "--sql", paramLabel = "SQL", description = "The query.") String sql,
            @Option(
                            names = "--public",
                            description =
                                    "Anybody who knows its address may run it, without a login.")
                    boolean isPublic) {
        session.message(
                Request.post("v1", "organizations", session.organization(org), QUERIES, "create")
                        .with(
                                Fields.none()
                                        .text("description", description)
                                        .text("sql", sql)
                                        .flag("public", isPublic)));
    }

    @Command(name = "list", description = "List the saved queries.")
    void list(@Mixin OrganizationOption org, @Mixin OutputOption.Short output) {
        session.show(
                Request.get("v1", "organizations", session.organization(org), QUERIES),
                ListView::of,
                output);
    }

    @Command(
            name = "run",
            description = "Run a saved query.",
            footer = "  webhookdb saved-query run svq_7c3 -f json")
    void run(
            @Mixin OrganizationOption org,
            @Mixin Query query,
            @Mixin ColourOption colour,
            @Mixin OutputOption.Short output) {
        Reply reply =
                session.ask(
                        Request.get(
                                "v1",
                                "organizations",
                                session.organization(org),
                                QUERIES,
                                query.required(),
                                "run"));
        session.printer()
                .show(reply, RowsView::of, output.format(), colour.or(session.terminal().colour()));
    }

    @Command(name = "info", description = "Show a saved query, or one field of it.")
    void info(
            @Mixin OrganizationOption org,
            @Mixin Query query,
            @Option(
                            names = {"-f", "--field"},
                            paramLabel = "FIELD",
                            description = "id, description, public, run_url or sql.")
                    String field,
            @Mixin OutputOption.Long output) {
        session.show(
                post(org, query, "info").with(Fields.none().text("field", field)),
                BlocksView::of,
                output);
    }

    @Command(
            name = "update",
            aliases = {"edit", "modify"},
            description = "Change one field. What is not given is asked for.",
            footer = "  webhookdb saved-query update svq_7c3 --field public --value true")
    void update(
            @Mixin OrganizationOption org,
            @Mixin Query query,
            @Option(
                            names = {"-f", "--field"},
                            paramLabel = "FIELD",
                            description = "description, sql or public.")
                    String field,
            @Option(
                            names = {"-v", "--value"},
                            paramLabel = "VALUE",
                            description = "Its new value.")
                    String value) {
        session.message(
                post(org, query, "update")
                        .with(Fields.none().text("field", field).text("value", value)));
    }

    @Command(name = "delete", description = "Delete a saved query.")
    void delete(@Mixin OrganizationOption org, @Mixin Query query) {
        session.message(post(org, query, "delete").with(Fields.none()));
    }
}
