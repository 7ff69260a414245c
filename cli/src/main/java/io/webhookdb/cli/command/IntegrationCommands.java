package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Fields;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.output.BlocksView;
import io.webhookdb.cli.output.ListView;
import io.webhookdb.cli.output.SingleView;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code integrations}: each replicates one resource of one service into one table. */
@Command
final class IntegrationCommands {
    private final Session session;

    IntegrationCommands(Session session) {
        this.session = session;
    }

    private Request post(OrganizationOption org, IntegrationOption integration, String verb) {
        return Request.post(
                "v1",
                "organizations",
                session.organization(org),
                "service_integrations",
                integration.required(),
                verb);
    }

    @Command(
            name = "create",
            description = {
                "Create an integration and go through its setup.",
                "",
                "Prints the address to give to the service and asks for what is needed, such as the"
                        + " secret its webhooks are signed with."
            },
            footer = {
                "  webhookdb integrations create stripe_customer_v1",
                "  echo whsec_abc | webhookdb integrations create stripe_customer_v1 --confirm"
            })
    void create(
            @Mixin OrganizationOption org,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "SERVICE",
                            description = "Its name. See `webhookdb services list`.")
                    String argument,
            @Option(
                            names = {"-s", "--service"},
                            paramLabel = "SERVICE",
                            description = "The same as a flag.")
                    String flag,
            @Option(
                            names = {"-c", "--confirm"},
                            description = "Do not ask if there already is one for this service.")
                    boolean confirm) {
        session.onboard(
                Request.post(
                                "v1",
                                "organizations",
                                session.organization(org),
                                "service_integrations",
                                "create")
                        .with(
                                Fields.none()
                                        .text("service_name", Given.once("SERVICE", argument, flag))
                                        .textIfGiven("guard_confirm", confirm ? "y" : null)));
    }

    @Command(name = "list", description = "List the integrations.")
    void list(@Mixin OrganizationOption org, @Mixin OutputOption.Short output) {
        session.show(
                Request.get(
                        "v1", "organizations", session.organization(org), "service_integrations"),
                ListView::of,
                output);
    }

    @Command(name = "setup", description = "Go through the setup again, keeping what is set.")
    void setup(@Mixin OrganizationOption org, @Mixin IntegrationOption integration) {
        session.onboard(post(org, integration, "setup"));
    }

    @Command(
            name = "reset",
            description = "Forget the webhook secret and go through the setup again.")
    void reset(@Mixin OrganizationOption org, @Mixin IntegrationOption integration) {
        session.onboard(post(org, integration, "reset"));
    }

    @Command(
            name = "info",
            description = "Show what is set, or one field of it.",
            footer = {
                "  webhookdb integrations info svi_4k2",
                "  webhookdb integrations info svi_4k2 --field url"
            })
    void info(
            @Mixin OrganizationOption org,
            @Mixin IntegrationOption integration,
            @Option(
                            names = {"-f", "--field"},
                            paramLabel = "FIELD",
                            description =
                                    "id, service, table, url, webhook_secret, webhookdb_api_key,"
                                            + " api_url, poll_every or deletion.")
                    String field,
            @Mixin OutputOption.Long output) {
        session.show(
                post(org, integration, "info").with(Fields.none().text("field", field)),
                BlocksView::of,
                output);
    }

    @Command(
            name = "stats",
            description = "Show what came in over the last seven days.",
            footer = {
                "  webhookdb integrations stats svi_4k2",
                "  webhookdb integrations stats svi_4k2 --minutes 120",
                "  webhookdb integrations stats svi_4k2 --requests"
            })
    void stats(
            @Mixin OrganizationOption org,
            @Mixin IntegrationOption integration,
            @Option(
                            names = {"-m", "--minutes"},
                            paramLabel = "MINUTES",
                            description =
                                    "Each of the last so many minutes in which something happened.")
                    Integer minutes,
            @Option(names = "--requests", description = "The last ten requests.") boolean requests,
            @Mixin OutputOption.Short output) {
        if (minutes != null) {
            session.show(
                    stats(org, integration, "minutes").query("minutes", Integer.toString(minutes)),
                    ListView::of,
                    output);
        } else if (requests) {
            session.show(stats(org, integration, "requests"), ListView::of, output);
        } else {
            session.show(stats(org, integration), SingleView::of, output);
        }
    }

    private Request stats(OrganizationOption org, IntegrationOption integration, String... of) {
        List<String> path =
                new ArrayList<>(
                        List.of(
                                "v1",
                                "organizations",
                                session.organization(org),
                                "service_integrations",
                                integration.required(),
                                "stats"));
        path.addAll(List.of(of));
        return Request.get(path.toArray(String[]::new));
    }

    @Command(
            name = "roll-key",
            description = "Replace the integration's API key and print the new one.")
    void rollKey(@Mixin OrganizationOption org, @Mixin IntegrationOption integration) {
        session.printer()
                .result(
                        session.ask(post(org, integration, "roll_api_key"))
                                .text("webhookdb_api_key"));
    }

    @Command(
            name = "update",
            description = {
                "Change how the integration is kept.",
                "",
                "With tombstone (the default) a row that is deleted at the vendor stays, with"
                        + " _deleted_at set; with hard it leaves the table.",
                "",
                "What can be fetched is polled as often as said here; where the service sends"
                        + " webhooks, that finds and counts what they missed."
            },
            footer = {
                "  webhookdb integrations update svi_4k2 --deletion hard",
                "  webhookdb integrations update svi_4k2 --poll-every 60s",
                "  webhookdb integrations update svi_4k2 --poll-every nightly"
            })
    void update(
            @Mixin OrganizationOption org,
            @Mixin IntegrationOption integration,
            @Option(
                            names = {"-d", "--deletion"},
                            paramLabel = "MODE",
                            description = "tombstone or hard.")
                    String deletion,
            @Option(
                            names = {"-e", "--poll-every"},
                            paramLabel = "PERIOD",
                            description =
                                    "10s to 31d, such as 60s, 5m or 12h; nightly, never, or"
                                            + " default.")
                    String period) {
        Fields fields =
                period == null
                        ? Fields.none().text("deletion", deletion)
                        : Fields.none()
                                .textIfGiven("deletion", deletion)
                                .text("poll_every", period);
        session.message(post(org, integration, "update").with(fields));
    }

    @Command(
            name = "connect",
            description = {
                "Connect an account by consent in a browser instead of copied keys.",
                "",
                "Prints the page to open and asks for the claim it shows at the end; then makes the"
                        + " integrations of the account."
            },
            footer = "  webhookdb integrations connect intercom")
    void connect(
            @Mixin OrganizationOption org,
            @Parameters(paramLabel = "PROVIDER", description = "front, intercom or increase.")
                    String provider,
            @Option(
                            names = "--claim",
                            paramLabel = "CLAIM",
                            description = "The claim, instead of being asked for it.")
                    String claim) {
        session.message(
                Request.post(
                                "v1",
                                "organizations",
                                session.organization(org),
                                "service_integrations",
                                "connect")
                        .with(
                                Fields.none()
                                        .text("provider", provider)
                                        .textIfGiven("claim", claim)));
    }

    @Command(
            name = "register",
            description = {
                "Have the service send its webhooks here.",
                "",
                "Uses the credentials stored for backfilling, which must be allowed to manage"
                        + " webhooks, and stores the signing secret. Doing it again changes"
                        + " nothing."
            },
            footer = "  webhookdb integrations register svi_4k2")
    void register(@Mixin OrganizationOption org, @Mixin IntegrationOption integration) {
        session.message(post(org, integration, "register"));
    }

    @Command(
            name = "delete",
            description = "Delete the integration, what depends on it, and their tables.",
            footer = "  webhookdb integrations delete svi_4k2 --confirm stripe_customer_v1_a1b2")
    void delete(
            @Mixin OrganizationOption org,
            @Mixin IntegrationOption integration,
            @Option(
                            names = {"-c", "--confirm"},
                            paramLabel = "TABLE",
                            description = "Name of its table, instead of being asked for it.")
                    String table) {
        session.message(
                post(org, integration, "delete").with(Fields.none().text("confirm", table)));
    }
}
