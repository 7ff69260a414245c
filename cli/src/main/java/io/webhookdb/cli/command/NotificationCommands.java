package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Fields;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.output.ListView;
import io.webhookdb.cli.output.SingleView;
import java.util.stream.Stream;
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
                    String secret,
            @Mixin DeliveryOptions settings) {
        session.message(
                Request.post(
                                "v1",
                                "organizations",
                                session.organization(org),
                                "webhook_subscriptions",
                                "create")
                        .with(
                                settings.addTo(
                                        Fields.none()
                                                .text("webhook_secret", secret)
                                                .text("url", url)
                                                .text(
                                                        "service_integration_identifier",
                                                        integration.optional()))));
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

    @Command(name = "show", description = "Show a subscription with all its settings.")
    void show(
            @Mixin OrganizationOption org,
            @Mixin Subscription subscription,
            @Mixin OutputOption.Short output) {
        session.show(
                Request.get(
                        "v1",
                        "organizations",
                        session.organization(org),
                        "webhook_subscriptions",
                        subscription.required()),
                SingleView::of,
                output);
    }

    @Command(
            name = "update",
            description = "Change settings; what is not given stays, what is given blank is reset.",
            footer = "  webhookdb webhooks update wsb_4k2 --on inserted --where 'status eq paid'")
    void update(
            @Mixin OrganizationOption org,
            @Mixin Subscription subscription,
            @Option(names = "--url", paramLabel = "URL", description = "Where to POST to.")
                    String url,
            @Mixin DeliveryOptions settings) {
        session.message(
                post(
                        org,
                        subscription,
                        "update",
                        settings.addTo(Fields.none().textIfGiven("url", url))));
    }

    @Command(
            name = "roll-secret",
            description = "Give a new secret; the former one signs beside it for a while.")
    void rollSecret(
            @Mixin OrganizationOption org,
            @Mixin Subscription subscription,
            @Option(names = "--secret", paramLabel = "SECRET", description = "The new secret.")
                    String secret,
            @Option(
                            names = "--overlap-hours",
                            paramLabel = "HOURS",
                            description = "How long the former one signs. Default: 24.")
                    Integer overlap) {
        session.message(
                post(
                        org,
                        subscription,
                        "roll_secret",
                        Fields.none()
                                .text("webhook_secret", secret)
                                .numberIfGiven("overlap_hours", overlap)));
    }

    @Command(name = "pause", description = "Keep changes instead of sending them.")
    void pause(@Mixin OrganizationOption org, @Mixin Subscription subscription) {
        session.message(post(org, subscription, "pause"));
    }

    @Command(name = "resume", description = "Send changes again, those that were kept first.")
    void resume(@Mixin OrganizationOption org, @Mixin Subscription subscription) {
        session.message(post(org, subscription, "resume"));
    }

    @Command(name = "deliveries", description = "List attempts to deliver, the newest first.")
    void deliveries(
            @Mixin OrganizationOption org,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "ID",
                            description = "Only those of one subscription (wsb_...).")
                    String argument,
            @Option(
                            names = {"-n", "--notification", "--subscription"},
                            paramLabel = "ID",
                            description = "The same as a flag.")
                    String flag,
            @Option(
                            names = "--outcome",
                            paramLabel = "WORD",
                            description = "Only those that ended so: delivered, rejected, ...")
                    String outcome,
            @Option(
                            names = "--limit",
                            paramLabel = "NUMBER",
                            description = "How many at most. Default: 50.")
                    Integer limit,
            @Mixin OutputOption.Short output) {
        String subscription = Given.once("ID", argument, flag);
        Request request = deliveries(org);
        request = subscription == null ? request : request.query("subscription", subscription);
        request = outcome == null ? request : request.query("outcome", outcome);
        request = limit == null ? request : request.query("limit", limit.toString());
        session.show(request, ListView::of, output);
    }

    @Command(name = "missed", description = "List what was given up or never tried, as ranges.")
    void missed(
            @Mixin OrganizationOption org,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "ID",
                            description = "Only those of one subscription (wsb_...).")
                    String subscription,
            @Mixin OutputOption.Short output) {
        Request request = deliveries(org, "missed");
        session.show(
                subscription == null ? request : request.query("subscription", subscription),
                ListView::of,
                output);
    }

    @Command(name = "redeliver", description = "Send the change of an attempt once more.")
    void redeliver(
            @Mixin OrganizationOption org,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "ATTEMPT",
                            description = "Id (wda_...). See `webhookdb webhooks deliveries`.")
                    String attempt) {
        session.message(
                Request.post(
                                "v1",
                                "organizations",
                                session.organization(org),
                                "webhook_deliveries",
                                Given.required(
                                        "ATTEMPT",
                                        attempt,
                                        "`webhookdb webhooks deliveries` shows what there is."),
                                "redeliver")
                        .with(Fields.none()));
    }

    @Command(
            name = "recover",
            description = "Send every change of a window of time once more.",
            footer = "  webhookdb webhooks recover wsb_4k2 --since 6h")
    void recover(
            @Mixin OrganizationOption org,
            @Mixin Subscription subscription,
            @Option(
                            names = "--since",
                            paramLabel = "TIME",
                            description = "ISO 8601, or how long ago: 90s, 30m, 6h, 2d.")
                    String since,
            @Option(names = "--until", paramLabel = "TIME", description = "The same. Default: now.")
                    String until) {
        session.message(
                post(
                        org,
                        subscription,
                        "recover",
                        Fields.none().text("since", since).textIfGiven("until", until)));
    }

    @Command(name = "recoveries", description = "List how far recoveries are.")
    void recoveries(@Mixin OrganizationOption org, @Mixin OutputOption.Short output) {
        session.show(deliveries(org, "recoveries"), ListView::of, output);
    }

    private Request deliveries(OrganizationOption org, String... more) {
        return Request.get(
                Stream.concat(
                                Stream.of(
                                        "v1",
                                        "organizations",
                                        session.organization(org),
                                        "webhook_deliveries"),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private Request post(OrganizationOption org, Subscription subscription, String verb) {
        return post(org, subscription, verb, Fields.none());
    }

    private Request post(
            OrganizationOption org, Subscription subscription, String verb, Fields fields) {
        return Request.post(
                        "v1",
                        "organizations",
                        session.organization(org),
                        "webhook_subscriptions",
                        subscription.required(),
                        verb)
                .with(fields);
    }
}
