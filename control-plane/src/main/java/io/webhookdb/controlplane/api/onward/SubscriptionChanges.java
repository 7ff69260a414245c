package io.webhookdb.controlplane.api.onward;

import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.integrations.IntegrationDirectory;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.api.provisioned.Entities;
import io.webhookdb.controlplane.api.services.OrganizationCatalog;
import io.webhookdb.controlplane.database.ControlDocuments.Document;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.schemas.control.SubscriptionControl.Delivery;
import io.webhookdb.schemas.control.SubscriptionControl.Ordering;
import io.webhookdb.schemas.control.SubscriptionSettings;
import io.webhookdb.schemas.control.SubscriptionSettings.FormerSecret;
import io.webhookdb.security.keyset.SecretSealer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** What changes or shows an existing webhook subscription, beyond the contract. */
public final class SubscriptionChanges {
    private static final String ONE = Paths.SUBSCRIPTIONS + "/{" + Paths.ID + "}";
    private static final int USUAL_OVERLAP_HOURS = 24;
    private static final int LONGEST_OVERLAP_HOURS = 24 * 30;

    private final Access access;
    private final IntegrationDirectory integrations;
    private final ColumnNames columns;
    private final Entities entities;
    private final SecretSealer sealer;
    private final Destinations destinations;
    private final SubscriptionFields fields;
    private final Clock clock;

    public SubscriptionChanges(
            Access access,
            IntegrationDirectory integrations,
            OrganizationCatalog catalog,
            Entities entities,
            SecretSealer sealer,
            Destinations destinations,
            Clock clock) {
        this.access = access;
        this.integrations = integrations;
        this.columns = new ColumnNames(catalog, integrations);
        this.entities = entities;
        this.sealer = sealer;
        this.destinations = destinations;
        this.fields = new SubscriptionFields(sealer, destinations);
        this.clock = clock;
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        router.get(ONE, this::show)
                .post(ONE + "/update", this::update)
                .post(ONE + "/roll_secret", this::rollSecret)
                .post(ONE + "/pause", request -> deliver(request, Delivery.PAUSE))
                .post(ONE + "/resume", request -> deliver(request, Delivery.SEND));
    }

    private Object show(Request request) {
        Organization organization = access.member(request).organization();
        String id = request.text(Paths.ID);
        SubscriptionControl record =
                entities.find(
                                organization.id(),
                                SubscriptionRoutes.KIND + "/" + id,
                                SubscriptionControl.class)
                        .orElseThrow(() -> SubscriptionRoutes.unknown(organization, id))
                        .record();
        return SubscriptionDetails.of(record, clock.instant(), "");
    }

    private Object update(Request request) {
        checkColumns(request);
        String url =
                request.text("url").isEmpty()
                        ? ""
                        : SubscriptionRoutes.url(request, destinations).toString();
        return changed(
                request,
                record -> {
                    Ordering ordering = SubscriptionFields.ordering(request, record.ordering());
                    SubscriptionSettings settings =
                            fields.settings(
                                    request,
                                    record.id(),
                                    record.settings(),
                                    record.settings().former());
                    return record.changed(
                            url.isEmpty() ? record.url() : url,
                            record.secretCiphertext(),
                            ordering,
                            settings);
                },
                "The subscription is changed; what is on its way already stays as it was written.");
    }

    /** Before the change, whose transaction has a connection of its own. */
    private void checkColumns(Request request) {
        Organization organization = access.member(request).organization();
        entities.find(
                        organization.id(),
                        SubscriptionRoutes.KIND + "/" + request.text(Paths.ID),
                        SubscriptionControl.class)
                .map(Document::record)
                .filter(record -> record.integration() != null)
                .ifPresent(
                        record ->
                                columns.check(
                                        request,
                                        organization,
                                        integrations.one(organization, record.integration()),
                                        SubscriptionFields.filter(
                                                request, record.settings().filter())));
    }

    private Object rollSecret(Request request) {
        access.member(request);
        String secret = SubscriptionRoutes.secret(request);
        int hours =
                request.number("overlap_hours", 0, LONGEST_OVERLAP_HOURS)
                        .orElse(USUAL_OVERLAP_HOURS);
        Instant until = clock.instant().plus(Duration.ofHours(hours));
        return changed(
                request,
                record -> {
                    SubscriptionSettings before = record.settings();
                    FormerSecret former =
                            hours == 0
                                    ? null
                                    : new FormerSecret(record.secretCiphertext(), until.toString());
                    return record.changed(
                            record.url(),
                            sealer.seal(secret, SubscriptionControl.secretContext(record.id())),
                            record.ordering(),
                            new SubscriptionSettings(
                                    before.filter(),
                                    before.rowForm(),
                                    before.ratePerSecond(),
                                    before.mostConcurrent(),
                                    before.timeoutSeconds(),
                                    former,
                                    before.signingKey(),
                                    before.function()));
                },
                hours == 0
                        ? "The new secret signs from now on."
                        : "The new secret signs from now on, and the former one beside it until "
                                + until
                                + ".");
    }

    private Object deliver(Request request, Delivery delivery) {
        return changed(
                request,
                record -> record.delivering(delivery),
                delivery == Delivery.PAUSE
                        ? "Changes are kept until `webhookdb webhooks resume`."
                        : "Changes are sent again, those that were kept within 30 seconds.");
    }

    private Object changed(
            Request request, UnaryOperator<SubscriptionControl> change, String message) {
        Organization organization = access.member(request).organization();
        String id = request.text(Paths.ID);
        Entities.Changed<SubscriptionControl> changed =
                entities.change(
                                organization.id(),
                                SubscriptionRoutes.KIND + "/" + id,
                                SubscriptionControl.class,
                                found ->
                                        new Document<>(
                                                found.id(),
                                                change.apply(found.record()),
                                                found.shown(),
                                                found.createdAt()))
                        .orElseThrow(() -> SubscriptionRoutes.unknown(organization, id));
        return SubscriptionDetails.of(
                changed.document().record(), clock.instant(), message + changed.note());
    }
}
