package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Fields;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.output.ListView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code saved-view}: views in your database. */
@Command
final class SavedViewCommands {
    private static final String VIEWS = "saved_views";
    private final Session session;

    SavedViewCommands(Session session) {
        this.session = session;
    }

    @Command(
            name = "create-or-replace",
            aliases = {"create", "replace", "new", "update"},
            description = "Create a view, or replace the one of that name.",
            footer =
                    "  webhookdb saved-view create big_orders --sql 'select * from orders"
                            + " where total > 1000'")
    void createOrReplace(
            @Mixin OrganizationOption org,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "NAME",
                            description = "Letters, digits, blanks and _, starting with a letter.")
                    String argument,
            @Option(
                            names = {"-n", "--name"},
                            paramLabel = "NAME",
                            description = "The same as a flag.")
                    String flag,
            @Option(names = "--sql", paramLabel = "SQL", description = "The SELECT behind it.")
                    String sql) {
        session.message(
                Request.post(
                                "v1",
                                "organizations",
                                session.organization(org),
                                VIEWS,
                                "create_or_replace")
                        .with(
                                Fields.none()
                                        .text("name", Given.once("NAME", argument, flag))
                                        .text("sql", sql)));
    }

    @Command(name = "list", description = "List the views.")
    void list(@Mixin OrganizationOption org, @Mixin OutputOption.Short output) {
        session.show(
                Request.get("v1", "organizations", session.organization(org), VIEWS),
                ListView::of,
                output);
    }

    @Command(name = "delete", description = "Drop a view.")
    void delete(
            @Mixin OrganizationOption org,
            @Parameters(arity = "0..1", paramLabel = "NAME", description = "Its name.")
                    String argument,
            @Option(
                            names = {"-n", "--name"},
                            paramLabel = "NAME",
                            description = "The same as a flag.")
                    String flag) {
        String name =
                Given.required(
                        "NAME",
                        Given.once("NAME", argument, flag),
                        "`webhookdb saved-view list` shows what there is.");
        session.message(
                Request.post("v1", "organizations", session.organization(org), VIEWS, "delete")
                        .with(Fields.none().text("name", name)));
    }
}
