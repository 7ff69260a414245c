package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Fields;
import io.webhookdb.cli.api.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code replay}: processes received webhooks once more. */
@Command(
        footer = {
            "  webhookdb replay svi_4k2 --hours 2",
            "  webhookdb replay --after 2026-01-31T10:00:00Z --before 2026-01-31T12:00:00Z"
        })
final class ReplayCommand implements Runnable {
    private final Session session;

    @Mixin OrganizationOption org;
    @Mixin IntegrationOption integration;

    @Option(
            names = {"-r", "--hours"},
            paramLabel = "HOURS",
            description = "How far back. Default: one hour.")
    Integer hours;

    @Option(
            names = {"-b", "--before"},
            paramLabel = "TIME",
            description = "Received before this time (ISO 8601). Default: now.")
    String before;

    @Option(
            names = {"-a", "--after"},
            paramLabel = "TIME",
            description = "Received after this time (ISO 8601).")
    String after;

    ReplayCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        session.message(
                Request.post("v1", "organizations", session.organization(org), "replay")
                        .with(
                                Fields.none()
                                        .textIfGiven(
                                                "service_integration_identifier",
                                                integration.optional())
                                        .numberIfGiven("hours", hours)
                                        .textIfGiven("before", before)
                                        .textIfGiven("after", after)));
    }
}
