package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Fields;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.output.ListView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code webhooks}: addresses told about every changed row. */
@Command
final class NotificationCommands {
    private final Session session;

    NotificationCommands(Session session) {
        this.session = session;
    }

    /** A subscription, as argument or flag. */
    static final class Subscription {
        @Parameters(
                arity = "0..1",
                paramLabel = "ID",
                description = "Id (wsb_...). See `webhookdb webhooks list`.")
        String argument;

        @Option(
                names = {"-n", "--notification"},
                paramLabel = "ID",
                description = "The same as a flag.")
        String flag;

        String required() {
            return Given.required(
                    "ID",
                    Given.once("ID", argument, flag),
                    "`webhookdb webhooks list` shows what there is.");
        }
    }

    @Command(
            name = "create",
            description = "Have an address told about every changed row of an integration.",
            footer =
                    "  webhookdb webhooks create svi_4k2 --url https://example.com/hook --secret"
                            + " \"$SECRET\"")
    void create(
            @Mixin OrganizationOption org,
            @Mixin IntegrationOption integration,
            @Option(names = "--url", paramLabel = "URL", description = "Where to POST to.")
                    String url,
            @Option(
                            names = "--secret",
                            paramLabel = "SECRET",
                            description = "Secret the deliveries prove their origin with.")
                    String secret) {
        session.message(
                Request.post(
                                "v1",
                                "organizations",
                                session.organization(org),
                                "webhook_subscriptions",
                                "create")
                        .with(
                                Fields.none()
                                        .text("webhook_secret", secret)
                                        .text("url", url)
                                        .text(
                                                "service_integration_identifier",
                                                integration.optional())));
    }

    @Command(name = "list", description = "List the subscriptions.")
    void list(@Mixin OrganizationOption org, @Mixin OutputOption.Short output) {
        session.show(
                Request.get(
                        "v1", "organizations", session.organization(org), "webhook_subscriptions"),
                ListView::of,
                output);
    }

    @Command(name = "test", description = "Send a test event.")
    void test(@Mixin OrganizationOption org, @Mixin Subscription subscription) {
        session.message(post(org, subscription, "test"));
    }

    @Command(name = "delete", description = "Delete a subscription; nothing is sent any more.")
    void delete(@Mixin OrganizationOption org, @Mixin Subscription subscription) {
        session.message(post(org, subscription, "delete"));
    }

    private Request post(OrganizationOption org, Subscription subscription, String verb) {
        return Request.post(
                        "v1",
                        "organizations",
                        session.organization(org),
                        "webhook_subscriptions",
                        subscription.required(),
                        verb)
                .with(Fields.none());
    }
}
