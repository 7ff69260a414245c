package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Fields;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.output.ListView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code backfill}: fetches what already exists at the service. */
@Command(
        footer = {
            "  webhookdb backfill svi_4k2 --follow",
            "  webhookdb backfill svi_4k2 --since 2026-01-01 --until 2026-02-01",
            "  webhookdb backfill list svi_4k2",
            "  webhookdb backfill reset svi_4k2"
        })
final class BackfillCommand implements Runnable {
    private final Session session;

    @Mixin OrganizationOption org;
    @Mixin IntegrationOption integration;

    @Option(names = "--full", description = "Everything again, not only what may have changed.")
    boolean full;

    @Mixin CriteriaOptions criteria;

    @Option(names = "--follow", description = "Stay, and show how far it gets, until it ends.")
    boolean follow;

    BackfillCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        if (criteria.isGiven()) {
            Fields restricted = Fields.none();
            if (full) {
                restricted.flag("incremental", false);
            }
            session.message(
                    Request.post(path(org, integration, "job"))
                            .with(restricted.objectIfGiven("criteria", criteria.fields())));
        } else {
            Request order = Request.post(path(org, integration));
            session.onboard(full ? order.with(Fields.none().flag("incremental", false)) : order);
        }
        if (follow) {
            new BackfillProgress(session, path(org, integration, "job")).follow();
        }
    }

    @Command(name = "list", description = "List the last backfills and how far they got.")
    void list(
            @Mixin OrganizationOption org,
            @Mixin IntegrationOption integration,
            @Mixin OutputOption.Short output) {
        session.show(Request.get(path(org, integration, "job")), ListView::of, output);
    }

    @Command(name = "cancel", description = "End a backfill early. What was fetched stays.")
    void cancel(
            @Mixin OrganizationOption org,
            @Mixin IntegrationOption integration,
            @Mixin JobOption job) {
        session.message(Request.post(path(org, integration, "job", job.id, "cancel")));
    }

    @Command(
            name = "reset",
            description =
                    "Forget the credentials for backfilling and go through their setup again.")
    void reset(@Mixin OrganizationOption org, @Mixin IntegrationOption integration) {
        session.onboard(Request.post(path(org, integration, "reset")));
    }

    /** Which backfill. */
    static final class JobOption {
        @Option(
                names = {"-j", "--job"},
                required = true,
                paramLabel = "JOB",
                description = "Id (bfj_...). See `webhookdb backfill list`.")
        String id;
    }

    private String[] path(OrganizationOption org, IntegrationOption integration, String... rest) {
        String[] path = new String[6 + rest.length];
        String[] first = {
            "v1",
            "organizations",
            session.organization(org),
            "service_integrations",
            integration.required(),
            "backfill"
        };
        System.arraycopy(first, 0, path, 0, first.length);
        System.arraycopy(rest, 0, path, first.length, rest.length);
        return path;
    }
}
