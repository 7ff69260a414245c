package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Reply;
import io.webhookdb.cli.api.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fixtures}: the table of a service, for tests of your own. */
@Command(footer = "  webhookdb fixtures stripe_customer_v1 | psql testdb")
final class FixturesCommand implements Runnable {
    private final Session session;

    @Parameters(
            arity = "0..1",
            paramLabel = "SERVICE",
            description = "Its name. See `webhookdb services list`.")
    String argument;

    @Option(
            names = {"-s", "--service"},
            paramLabel = "SERVICE",
            description = "The same as a flag.")
    String flag;

    FixturesCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        String service =
                Given.required(
                        "SERVICE",
                        Given.once("SERVICE", argument, flag),
                        "`webhookdb services list` shows what there is.");
        Reply reply = session.ask(Request.get("v1", "services", service, "fixtures"));
        session.printer().aside(reply.message());
        session.printer().result(reply.text("schema_sql"));
    }
}
