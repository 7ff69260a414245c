package io.webhookdb.controlplane.api.onward;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Listing;
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
import io.webhookdb.schemas.control.ReplayControl.Requests;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;

/** {@code /v1/organizations/{org}/replay}, and what became of each. */
public final class ReplayRoutes {
    private static final String ALL = Paths.ONE_ORGANIZATION + "/replays";
    private static final String ONE = ALL + "/{" + Paths.ID + "}";
    private static final String KIND = "replay";
    private static final int MAX_HOURS = 24 * 365;

    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Jdbi jdbi;
    private final Access access;
    private final IntegrationDirectory integrations;
    private final Entities entities;
    private final Clock clock;

    public ReplayRoutes(
            Jdbi jdbi,
            Access access,
            IntegrationDirectory integrations,
            Entities entities,
            Clock clock) {
        this.jdbi = jdbi;
        this.access = access;
        this.integrations = integrations;
        this.entities = entities;
        this.clock = clock;
    }

    /** An order was taken. The id is beyond the contract. */
    record Ordered(String id, String message) {}

    /** Adds the routes. */
    public void addTo(Router router) {
        router.post(Paths.ONE_ORGANIZATION + "/replay", this::replay)
                .get(ALL, this::list)
                .get(ONE, this::one)
                .post(ONE + "/cancel", this::cancel);
    }

    private Object list(Request request) {
        Organization organization = access.member(request).organization();
        List<ReplayView> views =
                jdbi.withHandle(handle -> ReplayView.all(handle, organization.id()));
        return Listing.of(
                views,
                views.isEmpty() ? "Nothing was replayed yet. Run `webhookdb replay`." : "",
                ReplayView.HEADERS);
    }

    private Object one(Request request) {
        Organization organization = access.member(request).organization();
        return find(request, organization);
    }

    private Object cancel(Request request) {
        Organization organization = access.member(request).organization();
        ReplayView replay = find(request, organization);
        if (replay.ended()) {
            throw ApiException.of(
                    409, "invalid_input", replay.id() + " is " + replay.status() + " already.");
        }
        entities.delete(
                organization.id(),
                KIND + "/" + replay.id(),
                ReplayControl.class,
                ReplayControl::ended);
        return new Message(replay.id() + " is cancelled. What was sent again is not taken back.");
    }

    private ReplayView find(Request request, Organization organization) {
        String id = request.text(Paths.ID);
        return jdbi.withHandle(handle -> ReplayView.find(handle, organization.id(), id))
                .orElseThrow(
                        () ->
                                ApiException.permission(
                                        "There is no replay "
                                                + id
                                                + " in "
                                                + organization.name()
                                                + ". Run `webhookdb replay list`."));
    }

    private Object replay(Request request) {
        Organization organization = access.member(request).organization();
        String identifier = request.text(Paths.INTEGRATION);
        Integration integration =
                identifier.isEmpty() ? null : integrations.one(organization, identifier);
        ReplayWindow window =
                request.flag("everything", false)
                        ? ReplayWindow.everything(clock.instant())
                        : ReplayWindow.of(
                                request.text("after"),
                                request.text("before"),
                                request.number("hours", 1, MAX_HOURS),
                                clock.instant());
        String opaqueId = integration == null ? null : integration.opaqueId();
        String id = OpaqueIds.next("rpl");
        String note =
                entities.create(
                                organization.id(),
                                opaqueId,
                                new ReplayControl(
                                        id,
                                        organization.id(),
                                        1,
                                        State.ACTIVE,
                                        opaqueId,
                                        micros(window.after()),
                                        micros(window.before()),
                                        requests(request),
                                        event(request)),
                                "")
                        .note();
        return new Ordered(
                id,
                "What "
                        + (integration == null
                                ? "all integrations of " + organization.name()
                                : integration.service() + " (" + opaqueId + ")")
                        + " received from "
                        + window.after().truncatedTo(ChronoUnit.SECONDS)
                        + " to "
                        + window.before().truncatedTo(ChronoUnit.SECONDS)
                        + counted(request, organization, opaqueId, window)
                        + " is processed again. See `webhookdb replay list`."
                        + note);
    }

    /** Requests are counted by minute, so how many there are is known about. */
    private String counted(
            Request request, Organization organization, String opaqueId, ReplayWindow window) {
        if (event(request) != null) {
            return "";
        }
        String counts =
                switch (requests(request)) {
                    case ALL -> "received + rejected";
                    case ACCEPTED -> "received";
                    case REJECTED -> "rejected";
                };
        long count =
                jdbi.withHandle(
                        handle ->
                                handle.createQuery(
                                                "SELECT coalesce(sum("
                                                        + counts
                                                        + "), 0)::bigint FROM integration_minutes"
                                                        + " m JOIN integrations i ON i.opaque_id ="
                                                        + " m.integration WHERE i.organization_id ="
                                                        + " :organization AND (:integration::text"
                                                        + " IS NULL OR i.opaque_id = :integration)"
                                                        + " AND m.minute > :after AND m.minute <"
                                                        + " :before")
                                        .bind("organization", organization.id())
                                        .bind("integration", opaqueId)
                                        .bind(
                                                "after",
                                                window.after()
                                                        .minus(Duration.ofMinutes(1))
                                                        .atOffset(ZoneOffset.UTC))
                                        .bind("before", window.before().atOffset(ZoneOffset.UTC))
                                        .mapTo(Long.class)
                                        .one());
        return ", about " + count + (count == 1 ? " request," : " requests,");
    }

    private static Requests requests(Request request) {
        String word = request.text("requests");
        return switch (word) {
            case "", "all" -> Requests.ALL;
            case "accepted" -> Requests.ACCEPTED;
            case "rejected" -> Requests.REJECTED;
            default ->
                    throw ApiException.validation(
                            "requests", "must be one of [accepted, all, rejected]");
        };
    }

    private static String event(Request request) {
        String id = request.text("event_id");
        if (!id.isEmpty() && !UUID.matcher(id).matches()) {
            throw ApiException.validation("event_id", "must be a UUID");
        }
        return id.isEmpty() ? null : id;
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }
}
