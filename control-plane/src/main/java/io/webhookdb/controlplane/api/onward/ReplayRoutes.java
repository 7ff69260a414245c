package io.webhookdb.controlplane.api.onward;

import io.webhookdb.controlplane.api.http.Message;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.integrations.Integration;
import io.webhookdb.controlplane.api.integrations.IntegrationDirectory;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.api.provisioned.Entities;
import io.webhookdb.controlplane.database.OpaqueIds;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.ReplayControl;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** {@code /v1/organizations/{org}/replay}. */
public final class ReplayRoutes {
    private static final int MAX_HOURS = 24 * 365;

    private final Access access;
    private final IntegrationDirectory integrations;
    private final Entities entities;
    private final Clock clock;

    public ReplayRoutes(
            Access access, IntegrationDirectory integrations, Entities entities, Clock clock) {
        this.access = access;
        this.integrations = integrations;
        this.entities = entities;
        this.clock = clock;
    }

    /** Adds the route. */
    public void addTo(Router router) {
        router.post(Paths.ONE_ORGANIZATION + "/replay", this::replay);
    }

    private Object replay(Request request) {
        Organization organization = access.member(request).organization();
        String identifier = request.text(Paths.INTEGRATION);
        Integration integration =
                identifier.isEmpty() ? null : integrations.one(organization, identifier);
        ReplayWindow window =
                ReplayWindow.of(
                        request.text("after"),
                        request.text("before"),
                        request.number("hours", 1, MAX_HOURS),
                        clock.instant());
        String opaqueId = integration == null ? null : integration.opaqueId();
        String note =
                entities.create(
                                organization.id(),
                                opaqueId,
                                new ReplayControl(
                                        OpaqueIds.next("rpl"),
                                        organization.id(),
                                        1,
                                        State.ACTIVE,
                                        opaqueId,
                                        micros(window.after()),
                                        micros(window.before())),
                                "")
                        .note();
        return new Message(
                "What "
                        + (integration == null
                                ? "all integrations of " + organization.name()
                                : integration.service() + " (" + opaqueId + ")")
                        + " received from "
                        + window.after().truncatedTo(ChronoUnit.SECONDS)
                        + " to "
                        + window.before().truncatedTo(ChronoUnit.SECONDS)
                        + " is processed again."
                        + note);
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }
}
