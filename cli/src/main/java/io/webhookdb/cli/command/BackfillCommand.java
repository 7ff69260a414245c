package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code backfill}: fetches what already exists at the service. */
@Command(footer = {"  webhookdb backfill svi_4k2", "  webhookdb backfill reset svi_4k2"})
final class BackfillCommand implements Runnable {
    private final Session session;

    @Mixin OrganizationOption org;
    @Mixin IntegrationOption integration;

    BackfillCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        session.onboard(post(org, integration, "backfill"));
    }

    @Command(
            name = "reset",
            description =
                    "Forget the credentials for backfilling and go through their setup again.")
    void reset(@Mixin OrganizationOption org, @Mixin IntegrationOption integration) {
        session.onboard(post(org, integration, "backfill", "reset"));
    }

    private Request post(OrganizationOption org, IntegrationOption integration, String... verb) {
        String organization = session.organization(org);
        String id = integration.required();
        return verb.length == 1
                ? Request.post(
                        "v1", "organizations", organization, "service_integrations", id, verb[0])
                : Request.post(
                        "v1",
                        "organizations",
                        organization,
                        "service_integrations",
                        id,
                        verb[0],
                        verb[1]);
    }
}
