package io.webhookdb.controlplane.api.integrations;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.api.provisioned.Entities;
import io.webhookdb.schemas.control.BackfillControl;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import java.util.function.Function;

/** {@code .../service_integrations/{integration}/backfill}. */
final class BackfillRoutes {
    private static final String BACKFILL = Paths.ONE_INTEGRATION + "/backfill";

    private final Access access;
    private final Function<Request, Organization> readers;
    private final Integrations integrations;
    private final Backfills backfills;

    /**
     * @param readers the organization of who may order by showing the hash of its connection
     */
    BackfillRoutes(
            Access access,
            Function<Request, Organization> readers,
            Integrations integrations,
            Backfills backfills) {
        this.access = access;
        this.readers = readers;
        this.integrations = integrations;
        this.backfills = backfills;
    }

    /**
     * The contract's form. How far a job came is not known here: it says enqueued.
     *
     * @param id opaque id of the order
     */
    record JobView(
            String id,
            String status,
            String startedAt,
            String finishedAt,
            Integration.View serviceIntegration,
            String message) {}

    void addTo(Router router) {
        router.post(BACKFILL, r -> integrations.backfill(one(r), extent(r)))
                .post(BACKFILL + "/reset", r -> integrations.resetBackfill(one(r), extent(r)))
                .post(BACKFILL + "/job", this::createJob)
                .get(BACKFILL + "/job/{job}", this::job);
    }

    private Object createJob(Request request) {
        Integration integration = readable(request);
        Extent extent = extent(request);
        Children children = request.flag("recursive", true) ? Children.INCLUDED : Children.LEFT_OUT;
        if (request.flag("synchronous", false)) {
            if (extent == Extent.FULL || children == Children.INCLUDED) {
                throw ApiException.validation(
                        "synchronous", "needs incremental to be true and recursive to be false");
            }
            throw ApiException.of(
                    402,
                    "priority_backfill_not_enabled",
                    "Synchronous backfills are not enabled. Leave out `synchronous`.");
        }
        JsonNode criteria = request.node("criteria");
        boolean none = criteria.isMissingNode() || criteria.isNull();
        if (!none && !(criteria.isObject() && criteria.isEmpty())) {
            throw ApiException.validation(
                    "criteria", "must be empty: " + integration.service() + " has none");
        }
        integrations.requireBackfillSetUp(integration);
        Entities.Changed<BackfillControl> order = backfills.order(integration, extent, children);
        return view(
                order.document().record(), integration, "A backfill is ordered." + order.note());
    }

    private Object job(Request request) {
        Integration integration = readable(request);
        String id = request.text("job");
        return backfills
                .find(integration, id)
                .map(found -> view(found.record(), integration, ""))
                .orElseThrow(
                        () ->
                                ApiException.permission(
                                        "There is no backfill job "
                                                + id
                                                + " of "
                                                + integration.opaqueId()
                                                + "."));
    }

    private static JobView view(BackfillControl order, Integration integration, String message) {
        return new JobView(order.id(), "enqueued", null, null, integration.view(""), message);
    }

    private static Extent extent(Request request) {
        return request.flag("incremental", true) ? Extent.INCREMENTAL : Extent.FULL;
    }

    private Integration readable(Request request) {
        return integrations.one(readers.apply(request), request.text(Paths.INTEGRATION));
    }

    private Integration one(Request request) {
        return integrations.one(
                access.member(request).organization(), request.text(Paths.INTEGRATION));
    }
}
