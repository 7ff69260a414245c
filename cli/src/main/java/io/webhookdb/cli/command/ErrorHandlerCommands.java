package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Fields;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.output.ListView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code error-handler}: addresses told when something goes wrong. */
@Command
final class ErrorHandlerCommands {
    private final Session session;

    ErrorHandlerCommands(Session session) {
        this.session = session;
    }

    private Request post(OrganizationOption org, String... rest) {
        String organization = session.organization(org);
        return rest.length == 1
                ? Request.post("v1", "organizations", organization, "error_handlers", rest[0])
                : Request.post(
                        "v1", "organizations", organization, "error_handlers", rest[0], rest[1]);
    }

    @Command(
            name = "create",
            description = "Have an address told about errors.",
            footer = "  webhookdb error-handler create --url https://example.com/errors")
    void create(
            @Mixin OrganizationOption org,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "URL",
                            description = "https://... or sentry://...")
                    String argument,
            @Option(
                            names = {"-u", "--url"},
                            paramLabel = "URL",
                            description = "The same as a flag.")
                    String flag) {
        session.message(
                post(org, "create")
                        .with(Fields.none().text("url", Given.once("URL", argument, flag))));
    }

    @Command(name = "list", description = "List the error handlers.")
    void list(@Mixin OrganizationOption org, @Mixin OutputOption.Short output) {
        session.show(
                Request.get("v1", "organizations", session.organization(org), "error_handlers"),
                ListView::of,
                output);
    }

    @Command(name = "delete", description = "Delete an error handler.")
    void delete(
            @Mixin OrganizationOption org,
            @Parameters(arity = "0..1", paramLabel = "ID", description = "Id (oeh_...).")
                    String argument,
            @Option(
                            names = {"-e", "--error-handler"},
                            paramLabel = "ID",
                            description = "The same as a flag.")
                    String flag) {
        String id =
                Given.required(
                        "ID",
                        Given.once("ID", argument, flag),
                        "`webhookdb error-handler list` shows what there is.");
        session.message(post(org, id, "delete").with(Fields.none()));
    }
}
