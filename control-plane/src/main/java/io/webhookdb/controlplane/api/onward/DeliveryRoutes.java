package io.webhookdb.controlplane.api.onward;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Listing;
import io.webhookdb.controlplane.api.http.Message;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Question;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.onward.DeliveryStore.Attempt;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.api.provisioned.Entities;
import io.webhookdb.controlplane.database.OpaqueIds;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.RecoveryControl;
import io.webhookdb.schemas.control.SubscriptionControl;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;

/** What became of deliveries, and how they are made once more. */
public final class DeliveryRoutes {
    /** Of an attempt's id. */
    static final String PREFIX = "wda_";

    private static final String DELIVERIES = Paths.ONE_ORGANIZATION + "/webhook_deliveries";
    private static final Pattern ID = Pattern.compile(PREFIX + "(\\d{1,18})");
    private static final int USUAL = 50;
    private static final int MOST = 1000;

    private static final List<List<String>> ATTEMPTS =
            List.of(
                    List.of("id", "Id"),
                    List.of("at", "At"),
                    List.of("subscription", "Subscription"),
                    List.of("delivery", "Delivery"),
                    List.of("attempt", "Attempt"),
                    List.of("outcome", "Outcome"),
                    List.of("status", "Status"),
                    List.of("millis", "Millis"),
                    List.of("next_at", "Next Attempt"),
                    List.of("why", "Why"));
    private static final List<List<String>> MISSED =
            List.of(
                    List.of("subscription", "Subscription"),
                    List.of("first", "First"),
                    List.of("last", "Last"),
                    List.of("deliveries", "Deliveries"));
    private static final List<List<String>> RECOVERIES =
            List.of(
                    List.of("id", "Id"),
                    List.of("subscription", "Subscription"),
                    List.of("state", "State"),
                    List.of("read", "Read"),
                    List.of("sent", "Sent"),
                    List.of("reported_at", "Reported At"),
                    List.of("failure", "Failure"));

    private final Access access;
    private final Entities entities;
    private final DeliveryStore store;
    private final Clock clock;

    public DeliveryRoutes(Jdbi jdbi, Access access, Entities entities, Clock clock) {
        this.access = access;
        this.entities = entities;
        this.store = new DeliveryStore(jdbi);
        this.clock = clock;
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        router.get(DELIVERIES, this::list)
                .get(DELIVERIES + "/missed", this::missed)
                .get(DELIVERIES + "/recoveries", this::recoveries)
                .post(DELIVERIES + "/{" + Paths.ID + "}/redeliver", this::redeliver)
                .post(Paths.SUBSCRIPTIONS + "/{" + Paths.ID + "}/recover", this::recover);
    }

    private Object list(Request request) {
        Organization organization = access.member(request).organization();
        List<Attempt> attempts =
                store.attempts(
                        organization.id(),
                        request.text("subscription"),
                        request.text("outcome"),
                        request.number("limit", 1, MOST).orElse(USUAL));
        return Listing.of(
                attempts, attempts.isEmpty() ? "No deliveries were attempted." : "", ATTEMPTS);
    }

    private Object missed(Request request) {
        Organization organization = access.member(request).organization();
        var ranges = store.missed(organization.id(), request.text("subscription"), MOST);
        return Listing.of(
                ranges,
                ranges.isEmpty()
                        ? "No deliveries were missed."
                        : "`webhookdb webhooks recover ID --since TIME` sends them.",
                MISSED);
    }

    private Object recoveries(Request request) {
        Organization organization = access.member(request).organization();
        var orders = store.recoveries(organization.id(), USUAL);
        return Listing.of(orders, orders.isEmpty() ? "Nothing was recovered yet." : "", RECOVERIES);
    }

    private Object redeliver(Request request) {
        Organization organization = access.member(request).organization();
        String id = request.text(Paths.ID);
        var matcher = ID.matcher(id);
        Attempt attempt =
                (matcher.matches()
                                ? store.attempt(organization.id(), Long.parseLong(matcher.group(1)))
                                : java.util.Optional.<Attempt>empty())
                        .orElseThrow(
                                () ->
                                        ApiException.permission(
                                                "There is no delivery attempt "
                                                        + id
                                                        + " in "
                                                        + organization.name()
                                                        + ". Run `webhookdb webhooks"
                                                        + " deliveries`."));
        if (attempt.changedAt() == null) {
            throw ApiException.validation(
                    "id", "is a test event; `webhookdb webhooks test` sends another");
        }
        SubscriptionControl subscription = subscription(organization, attempt.subscription());
        long announced = Instant.parse(attempt.changedAt()).toEpochMilli();
        String note =
                order(organization, subscription, attempt.delivery(), announced, announced + 1);
        return new Message(
                "The change "
                        + attempt.delivery()
                        + " is sent to "
                        + subscription.url()
                        + " again."
                        + note);
    }

    private Object recover(Request request) {
        Organization organization = access.member(request).organization();
        SubscriptionControl subscription = subscription(organization, request.text(Paths.ID));
        Instant now = clock.instant();
        Instant since =
                ReplayWindow.timeOrAge(
                        "since",
                        request.required(
                                "since",
                                Question.pasteOrType(
                                        "the time from which changes are sent again, such as"
                                                + " 2024-05-06T07:08:09Z or 6h")),
                        now);
        Instant until =
                request.text("until").isEmpty()
                        ? now
                        : ReplayWindow.timeOrAge("until", request.text("until"), now);
        if (!since.isBefore(until)) {
            throw ApiException.validation(
                    "since", "must be before the end of the window, " + until);
        }
        String note =
                order(organization, subscription, null, since.toEpochMilli(), until.toEpochMilli());
        return new Message(
                "Changes announced from "
                        + since
                        + " to "
                        + until
                        + " are sent to "
                        + subscription.url()
                        + " again, as far as the change log reaches back. `webhookdb webhooks"
                        + " recoveries` shows how far that is."
                        + note);
    }

    private String order(
            Organization organization,
            SubscriptionControl subscription,
            String change,
            long after,
            long before) {
        return entities.create(
                        organization.id(),
                        subscription.integration(),
                        new RecoveryControl(
                                OpaqueIds.next("rcv"),
                                organization.id(),
                                1,
                                State.ACTIVE,
                                subscription.id(),
                                change,
                                after,
                                before),
                        "")
                .note();
    }

    private SubscriptionControl subscription(Organization organization, String id) {
        return entities.find(
                        organization.id(),
                        SubscriptionRoutes.KIND + "/" + id,
                        SubscriptionControl.class)
                .orElseThrow(() -> SubscriptionRoutes.unknown(organization, id))
                .record();
    }
}
