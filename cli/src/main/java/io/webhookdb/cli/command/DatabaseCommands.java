package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Fields;
import io.webhookdb.cli.api.Reply;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.output.NamesView;
import io.webhookdb.cli.output.RowsView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code db}: the database your rows are in. */
@Command
final class DatabaseCommands {
    private final Session session;

    DatabaseCommands(Session session) {
        this.session = session;
    }

    private String organization(OrganizationOption org) {
        return session.organization(org);
    }

    @Command(
            name = "connection",
            description = "Print the read-only connection string.",
            footer = "  psql \"$(webhookdb db connection)\"")
    void connection(@Mixin OrganizationOption org) {
        session.printer()
                .result(
                        session.ask(Request.get("v1", "db", organization(org), "connection"))
                                .text("connection_url"));
    }

    @Command(name = "tables", description = "List the tables.")
    void tables(@Mixin OrganizationOption org, @Mixin OutputOption.Short output) {
        session.show(
                Request.get("v1", "db", organization(org), "tables"),
                reply -> NamesView.of(reply, "tables"),
                output);
    }

    @Command(
            name = "sql",
            description = {
                "Run a read-only query.",
                "",
                "Numbers keep every digit. In CSV a null is nothing and blank text is \"\"; in JSON"
                        + " every row is an object."
            },
            footer = {
                "  webhookdb db sql 'select count(*) from stripe_customer_v1_a1b2'",
                "  webhookdb db sql 'select * from stripe_customer_v1_a1b2' -f csv > customers.csv"
            })
    void sql(
            @Mixin OrganizationOption org,
            @Parameters(arity = "0..1", paramLabel = "QUERY", description = "The query, in quotes.")
                    String argument,
            @Option(
                            names = {"-u", "--query"},
                            paramLabel = "QUERY",
                            description = "The same as a flag.")
                    String flag,
            @Mixin ColourOption colour,
            @Mixin OutputOption.Short output) {
        Reply reply =
                session.ask(
                        Request.post("v1", "db", organization(org), "sql")
                                .with(
                                        Fields.none()
                                                .text(
                                                        "query",
                                                        Given.once("QUERY", argument, flag))));
        session.printer()
                .show(reply, RowsView::of, output.format(), colour.or(session.terminal().colour()));
    }

    @Command(
            name = "roll-credentials",
            description = "Replace the credentials of the database; the old ones stop working.")
    void rollCredentials(
            @Mixin OrganizationOption org,
            @Option(names = "--confirm", description = "Do not ask.") boolean confirm) {
        Request request = Request.post("v1", "db", organization(org), "roll_credentials");
        session.message(confirm ? request.with(Fields.none().text("guard_confirm", "y")) : request);
    }

    @Command(
            name = "fdw",
            description = {
                "Print SQL that makes your tables available in a database of yours (postgres_fdw).",
                "",
                "Without --fdw or --views both parts are printed."
            },
            footer = "  webhookdb db fdw --all | psql mydb")
    void fdw(
            @Mixin OrganizationOption org,
            @Option(names = "--fdw", description = "Print the server and its foreign tables.")
                    boolean fdw,
            @Option(names = "--views", description = "Print the materialized views.") boolean views,
            @Option(names = "--all", description = "Print both.") boolean all,
            @Option(names = "--raw", description = "Print the answer as JSON.") boolean raw,
            @Option(
                            names = "--remote",
                            paramLabel = "NAME",
                            defaultValue = "webhookdb_remote",
                            description = "Name of the server. Default: ${DEFAULT-VALUE}.")
                    String remote,
            @Option(
                            names = "--fetch",
                            paramLabel = "ROWS",
                            defaultValue = "50000",
                            description = "Its fetch_size. Default: ${DEFAULT-VALUE}.")
                    String fetch,
            @Option(
                            names = "--into-schema",
                            paramLabel = "SCHEMA",
                            defaultValue = "webhookdb_remote",
                            description =
                                    "Schema of the foreign tables. Default: ${DEFAULT-VALUE}.")
                    String intoSchema,
            @Option(
                            names = "--views-schema",
                            paramLabel = "SCHEMA",
                            defaultValue = "webhookdb",
                            description = "Schema of the views. Default: ${DEFAULT-VALUE}.")
                    String viewsSchema) {
        Reply reply =
                session.ask(
                        Request.post("v1", "db", organization(org), "fdw")
                                .with(
                                        Fields.none()
                                                .flag("message_fdw", fdw)
                                                .flag("message_views", views)
                                                .flag("message_all", all)
                                                .text("remote_server_name", remote)
                                                .text("fetch_size", fetch)
                                                .text("local_schema", intoSchema)
                                                .text("view_schema", viewsSchema)));
        session.printer().result(raw ? reply.text() : reply.text("message"));
    }

    @Command(
            name = "rename-table",
            description = "Rename the table of an integration.",
            footer = "  webhookdb db rename-table svi_4k2 --new-name customers")
    void renameTable(
            @Mixin OrganizationOption org,
            @Mixin IntegrationOption integration,
            @Option(
                            names = {"-n", "--new-name"},
                            paramLabel = "NAME",
                            description = "Letters, digits, blanks and _, starting with a letter.")
                    String name) {
        session.message(
                Request.post(
                                "v1",
                                "organizations",
                                organization(org),
                                "service_integrations",
                                integration.required(),
                                "rename_table")
                        .with(Fields.none().text("new_name", name)));
    }
}
