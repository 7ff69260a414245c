package io.webhookdb.controlplane.api.onward;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Listing;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Question;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.api.provisioned.Entities;
import io.webhookdb.controlplane.database.ControlDocuments.Document;
import io.webhookdb.controlplane.database.Ended;
import io.webhookdb.controlplane.database.OpaqueIds;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.ErrorHandlerControl;
import io.webhookdb.security.keyset.SecretSealer;
import java.net.URI;
import java.util.List;
import java.util.Set;

/** {@code /v1/organizations/{org}/error_handlers}. */
public final class ErrorHandlerRoutes {
    private static final String KIND = "error_handler";
    private static final Class<ErrorHandlerControl> TYPE = ErrorHandlerControl.class;
    private static final String ONE = Paths.ERROR_HANDLERS + "/{" + Paths.ID + "}";
    private static final List<List<String>> HEADERS =
            List.of(List.of("id", "ID"), List.of("url", "Url"));

    private final Access access;
    private final Entities entities;
    private final SecretSealer sealer;
    private final Destinations destinations;

    public ErrorHandlerRoutes(
            Access access, Entities entities, SecretSealer sealer, Destinations destinations) {
        this.access = access;
        this.entities = entities;
        this.sealer = sealer;
        this.destinations = destinations;
    }

    /** The contract's form; the URL is without keys. */
    record View(String id, String url, String message) {}

    /** Adds the routes. */
    public void addTo(Router router) {
        router.get(Paths.ERROR_HANDLERS, this::list)
                .post(Paths.ERROR_HANDLERS + "/create", this::create)
                .get(ONE, this::one)
                .post(ONE + "/delete", this::delete);
    }

    private Object list(Request request) {
        Organization organization = access.member(request).organization();
        List<View> views =
                entities.all(organization.id(), KIND, TYPE).stream()
                        .map(found -> view(found, ""))
                        .toList();
        return Listing.of(
                views,
                views.isEmpty()
                        ? organization.name()
                                + " has no error handlers yet. Run `webhookdb error-handler"
                                + " create`."
                        : "",
                HEADERS);
    }

    private Object create(Request request) {
        Organization organization = access.admin(request).organization();
        String text = request.required("url", Question.pasteOrType("the URL to post errors to"));
        URI url = destinations.check("url", text, Set.of("https", "http", "sentry"));
        String id = OpaqueIds.next("oeh");
        Entities.Changed<ErrorHandlerControl> created =
                entities.create(
                        organization.id(),
                        null,
                        new ErrorHandlerControl(
                                id,
                                organization.id(),
                                1,
                                State.ACTIVE,
                                sealer.seal(text, ErrorHandlerControl.urlContext(id))),
                        ShownUrl.of(url));
        return view(
                created.document(),
                "Errors of integrations of "
                        + organization.name()
                        + " are now posted to "
                        + created.document().shown()
                        + "."
                        + created.note());
    }

    private Object one(Request request) {
        Organization organization = access.member(request).organization();
        return view(
                entities.find(organization.id(), key(request), TYPE)
                        .orElseThrow(() -> unknown(request, organization)),
                "");
    }

    private Object delete(Request request) {
        Organization organization = access.admin(request).organization();
        Entities.Changed<ErrorHandlerControl> deleted =
                entities.delete(organization.id(), key(request), TYPE, Ended::handler)
                        .orElseThrow(() -> unknown(request, organization));
        return view(
                deleted.document(),
                "The error handler "
                        + deleted.document().record().id()
                        + " is deleted."
                        + deleted.note());
    }

    private static String key(Request request) {
        return KIND + "/" + request.text(Paths.ID);
    }

    private static View view(Document<ErrorHandlerControl> found, String message) {
        return new View(found.record().id(), found.shown(), message);
    }

    private static ApiException unknown(Request request, Organization organization) {
        return ApiException.permission(
                "There is no error handler "
                        + request.text(Paths.ID)
                        + " in "
                        + organization.name()
                        + ". Run `webhookdb error-handler list`.");
    }
}
