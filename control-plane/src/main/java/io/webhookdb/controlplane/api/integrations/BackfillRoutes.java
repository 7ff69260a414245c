package io.webhookdb.controlplane.api.integrations;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Listing;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.api.provisioned.Entities;
import io.webhookdb.schemas.control.BackfillControl;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.fetch.BackfillCriteria;
import java.util.List;
import java.util.function.Function;

/** {@code .../service_integrations/{integration}/backfill}. */
final class BackfillRoutes {
    private static final String BACKFILL = Paths.ONE_INTEGRATION + "/backfill";

    private static final List<List<String>> HEADERS =
            List.of(
                    List.of("id", "Id"),
                    List.of("status", "Status"),
                    List.of("pages", "Pages"),
                    List.of("items", "Items"),
                    List.of("repaired", "Repaired"),
                    List.of("started_at", "Started"),
                    List.of("finished_at", "Finished"),
                    List.of("message", "Message"));

    private final Access access;
    private final Function<Request, Organization> readers;
    private final Integrations integrations;
    private final SetupConversation conversation;
    private final Backfills backfills;
    private final Dependencies dependencies;
    private final FirstPage firstPage;

    /**
     * @param readers the organization of who may order by showing the hash of its connection
     */
    BackfillRoutes(
            Access access,
            Function<Request, Organization> readers,
            Integrations integrations,
            SetupConversation conversation,
            Backfills backfills,
            Dependencies dependencies,
            FirstPage firstPage) {
        this.access = access;
        this.readers = readers;
        this.integrations = integrations;
        this.conversation = conversation;
        this.backfills = backfills;
        this.dependencies = dependencies;
        this.firstPage = firstPage;
    }

    void addTo(Router router) {
        router.post(BACKFILL, this::backfill)
                .post(BACKFILL + "/reset", this::reset)
                .post(BACKFILL + "/job", this::createJob)
                .get(BACKFILL + "/job", this::jobs)
                .get(BACKFILL + "/job/{job}", this::shown)
                .post(BACKFILL + "/job/{job}/cancel", this::cancel);
    }

    private Object backfill(Request request) {
        Integration integration = one(request);
        Extent extent = extent(request);
        return dependencies.listed(
                integration,
                firstPage.tried(integration, () -> conversation.backfill(integration, extent)));
    }

    private Object reset(Request request) {
        Integration integration = one(request);
        return dependencies.listed(
                integration, conversation.resetBackfill(integration, extent(request)));
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
        BackfillCriteria read = integrations.criteria(integration, criteria);
        conversation.requireBackfillSetUp(integration);
        Entities.Changed<BackfillControl> order =
                backfills.order(integration, extent, children, read.isNone() ? null : criteria);
        return backfills
                .find(integration, order.document().record().id())
                .orElseThrow()
                .view(
                        integration,
                        "A backfill is ordered"
                                + (read.isNone() ? "." : ", restricted to " + read.text() + ".")
                                + order.note());
    }

    private Object jobs(Request request) {
        Integration integration = readable(request);
        List<BackfillRun.View> views =
                backfills.all(integration).stream().map(run -> run.view(integration, "")).toList();
        return Listing.of(
                views,
                views.isEmpty()
                        ? integration.service()
                                + " was never fetched. Run `webhookdb backfill "
                                + integration.opaqueId()
                                + "`."
                        : "",
                HEADERS);
    }

    private Object shown(Request request) {
        Integration integration = readable(request);
        return job(request, integration).view(integration, "");
    }

    private BackfillRun job(Request request, Integration integration) {
        String id = request.text("job");
        return backfills
                .find(integration, id)
                .orElseThrow(
                        () ->
                                ApiException.permission(
                                        "There is no backfill job "
                                                + id
                                                + " of "
                                                + integration.opaqueId()
                                                + "."));
    }

    private Object cancel(Request request) {
        Integration integration = one(request);
        BackfillRun run = job(request, integration);
        if (run.schedule()) {
            throw ApiException.validation("job", "is a schedule; only orders can be cancelled");
        }
        String said =
                backfills
                        .cancel(integration, run.id())
                        .map(ended -> "The backfill " + run.id() + " is cancelled." + ended.note())
                        .orElse("The backfill " + run.id() + " has ended already.");
        return job(request, integration).view(integration, said);
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
