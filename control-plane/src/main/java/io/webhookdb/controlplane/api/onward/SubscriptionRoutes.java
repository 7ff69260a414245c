package io.webhookdb.controlplane.api.onward;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Listing;
import io.webhookdb.controlplane.api.http.Message;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Question;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.integrations.Integration;
import io.webhookdb.controlplane.api.integrations.IntegrationDirectory;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Member;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.api.provisioned.Entities;
import io.webhookdb.controlplane.api.services.OrganizationCatalog;
import io.webhookdb.controlplane.database.ControlDocuments.Document;
import io.webhookdb.controlplane.database.Ended;
import io.webhookdb.controlplane.database.OpaqueIds;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.schemas.control.SubscriptionControl.Delivery;
import io.webhookdb.schemas.control.SubscriptionControl.Ordering;
import io.webhookdb.schemas.control.SubscriptionSettings;
import io.webhookdb.security.keyset.SecretSealer;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code /v1/organizations/{org}/webhook_subscriptions}. */
public final class SubscriptionRoutes {
    /** Instead of an integration: every one of the organization. */
    static final String WHOLE_ORGANIZATION = "org";

    static final String KIND = "subscription";
    private static final Class<SubscriptionControl> TYPE = SubscriptionControl.class;
    private static final String ONE = Paths.SUBSCRIPTIONS + "/{" + Paths.ID + "}";

    /** It is sent as a header. */
    private static final Pattern SECRET = Pattern.compile("[\\x20-\\x7e]{1,1000}");

    private static final List<List<String>> HEADERS =
            List.of(
                    List.of("opaque_id", "Id"),
                    List.of("deliver_to_url", "Url"),
                    List.of("status", "Status"),
                    List.of("associated_type", "Associated Type"),
                    List.of("associated_id", "Associated Id"));

    private final Access access;
    private final IntegrationDirectory integrations;
    private final Entities entities;
    private final SecretSealer sealer;
    private final Destinations destinations;
    private final SubscriptionFields fields;
    private final ColumnNames columns;

    public SubscriptionRoutes(
            Access access,
            IntegrationDirectory integrations,
            Entities entities,
            OrganizationCatalog catalog,
            SecretSealer sealer,
            Destinations destinations) {
        this.access = access;
        this.integrations = integrations;
        this.columns = new ColumnNames(catalog, integrations);
        this.entities = entities;
        this.sealer = sealer;
        this.destinations = destinations;
        this.fields = new SubscriptionFields(sealer, destinations);
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        router.get(Paths.SUBSCRIPTIONS, this::list)
                .post(Paths.SUBSCRIPTIONS + "/create", this::create)
                .post(ONE + "/test", this::test)
                .post(ONE + "/delete", this::delete);
    }

    private Object list(Request request) {
        Organization organization = access.member(request).organization();
        Map<String, Integration> known = integrations.all(organization);
        List<SubscriptionView> views =
                entities.all(organization.id(), KIND, TYPE).stream()
                        .map(
                                found ->
                                        SubscriptionView.of(
                                                found,
                                                organization,
                                                known.get(found.record().integration()),
                                                ""))
                        .toList();
        return Listing.of(
                views,
                views.isEmpty()
                        ? organization.name()
                                + " has no webhook subscriptions yet. Run `webhookdb webhooks"
                                + " create`."
                        : "",
                HEADERS);
    }

    private Object create(Request request) {
        Member member = access.member(request);
        Organization organization = member.organization();
        String identifier =
                request.required(
                        Paths.INTEGRATION,
                        Question.pasteOrType(
                                "the integration whose changes are sent, or `org` for all of"
                                        + " them"));
        Integration integration =
                identifier.equals(WHOLE_ORGANIZATION)
                        ? null
                        : integrations.one(organization, identifier);
        URI url = url(request, destinations);
        String secret = secret(request);
        String id = OpaqueIds.next("wsb");
        String opaqueId = integration == null ? null : integration.opaqueId();
        SubscriptionSettings settings =
                fields.settings(request, id, SubscriptionSettings.STANDARD, null);
        columns.check(request, organization, integration, settings.filter());
        SubscriptionControl record =
                new SubscriptionControl(
                        id,
                        organization.id(),
                        1,
                        State.ACTIVE,
                        opaqueId,
                        url.toString(),
                        sealer.seal(secret, SubscriptionControl.secretContext(id)),
                        Delivery.SEND,
                        SubscriptionFields.ordering(request, Ordering.PARALLEL),
                        0,
                        settings);
        Entities.Changed<SubscriptionControl> created =
                entities.create(organization.id(), opaqueId, record, "");
        String what =
                integration == null
                        ? "every integration of " + organization.name()
                        : integration.service() + " (" + integration.opaqueId() + ")";
        return SubscriptionView.of(
                created.document(),
                organization,
                integration,
                "Changed rows of "
                        + what
                        + " are now sent to "
                        + url
                        + ". Try it with `webhookdb webhooks test "
                        + id
                        + "`."
                        + created.note());
    }

    static URI url(Request request, Destinations destinations) {
        String text = request.required("url", Question.pasteOrType("the URL to post changes to"));
        URI url = destinations.check("url", text, Set.of("https", "http"));
        if (url.getRawUserInfo() != null) {
            throw ApiException.validation(
                    "url", "must hold no user or password; the secret is sent as a header");
        }
        return url;
    }

    static String secret(Request request) {
        String secret =
                request.required(
                        "webhook_secret",
                        Question.pasteOrTypeSecret(
                                "a secret, sent along so that the receiver knows it is us"));
        if (!SECRET.matcher(secret).matches()) {
            throw ApiException.validation(
                    "webhook_secret",
                    "must be 1 to 1000 printable ASCII characters, since it is sent as a header");
        }
        return secret;
    }

    private Object test(Request request) {
        Organization organization = access.member(request).organization();
        String id = request.text(Paths.ID);
        Entities.Changed<SubscriptionControl> changed =
                entities.change(
                                organization.id(),
                                KIND + "/" + id,
                                TYPE,
                                SubscriptionRoutes::tested)
                        .orElseThrow(() -> unknown(organization, id));
        return new Message(
                "A test event is being sent to "
                        + changed.document().record().url()
                        + "."
                        + changed.note());
    }

    private Object delete(Request request) {
        Organization organization = access.member(request).organization();
        String id = request.text(Paths.ID);
        Entities.Changed<SubscriptionControl> deleted =
                entities.delete(organization.id(), KIND + "/" + id, TYPE, Ended::subscription)
                        .orElseThrow(() -> unknown(organization, id));
        return new Message(
                "Nothing more is sent to "
                        + deleted.document().record().url()
                        + ": the webhook subscription "
                        + id
                        + " is deleted."
                        + deleted.note());
    }

    private static Document<SubscriptionControl> tested(Document<SubscriptionControl> found) {
        return new Document<>(
                found.id(), found.record().tested(), found.shown(), found.createdAt());
    }

    static ApiException unknown(Organization organization, String id) {
        return ApiException.permission(
                "There is no webhook subscription "
                        + id
                        + " in "
                        + organization.name()
                        + ". Run `webhookdb webhooks list`.");
    }
}
