package io.webhookdb.controlplane.api.onward;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Listing;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.PromptException;
import io.webhookdb.controlplane.api.http.Question;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.integrations.Integration;
import io.webhookdb.controlplane.api.integrations.IntegrationDirectory;
import io.webhookdb.controlplane.api.onward.SyncTargetProgress.Progress;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.api.provisioned.Entities;
import io.webhookdb.controlplane.database.ControlDocuments.Document;
import io.webhookdb.controlplane.database.Ended;
import io.webhookdb.controlplane.database.OpaqueIds;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SyncTargetControl;
import io.webhookdb.security.connection.SyncTargetUrl;
import io.webhookdb.security.keyset.SecretSealer;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** {@code /v1/organizations/{org}/sync_targets/db} and {@code /http}. */
public final class SyncTargetRoutes {
    private static final String KIND = "sync_target";
    private static final Class<SyncTargetControl> TYPE = SyncTargetControl.class;

    /** The two groups of endpoints; they differ in what a connection URL may be. */
    public enum Family {
        DB("db", "dbsync"),
        HTTP("http", "httpsync");

        private final String path;
        private final String command;

        Family(String path, String command) {
            this.path = path;
            this.command = command;
        }

        SyncTargetUrl parse(String url) {
            return this == DB ? SyncTargetUrl.parseDatabase(url) : SyncTargetUrl.parseHttp(url);
        }

        boolean has(SyncTargetControl target) {
            return (target.kind() == SyncTargetControl.Kind.HTTP) == (this == HTTP);
        }

        /** Columns of the list. */
        List<List<String>> headers() {
            List<List<String>> all =
                    List.of(
                            List.of("opaque_id", "Id"),
                            List.of("connection_url", "URL"),
                            List.of("associated_object_display", "Associated"),
                            List.of("schema_and_table_string", "Table"),
                            List.of("last_synced_at", "Last Synced"),
                            List.of("latency", "Latency"),
                            List.of("period_seconds", "Period"),
                            List.of("page_size", "Page Size"));
            return all.stream()
                    .filter(column -> this == DB || !column.get(1).equals("Table"))
                    .toList();
        }
    }

    private final Family family;
    private final Access access;
    private final IntegrationDirectory integrations;
    private final Entities entities;
    private final SecretSealer sealer;
    private final SyncTargetProbe probe;
    private final SyncTargetProgress progress;
    private final SyncTargetFields fields;

    public SyncTargetRoutes(
            Family family,
            Access access,
            IntegrationDirectory integrations,
            Entities entities,
            SecretSealer sealer,
            SyncTargetProbe probe,
            SyncTargetProgress progress,
            OnwardSettings settings) {
        this.family = family;
        this.access = access;
        this.integrations = integrations;
        this.entities = entities;
        this.sealer = sealer;
        this.probe = probe;
        this.progress = progress;
        this.fields = new SyncTargetFields(family, settings.minSyncPeriod());
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        String all = Paths.SYNC_TARGETS + "/" + family.path;
        String one = all + "/{" + Paths.ID + "}";
        router.get(all, this::list)
                .post(all + "/create", this::create)
                .post(one + "/update", this::update)
                .post(one + "/update_credentials", this::updateCredentials)
                .post(one + "/delete", this::delete)
                .post(one + "/sync", this::trigger);
    }

    private Object list(Request request) {
        Organization organization = access.member(request).organization();
        Map<String, Integration> known = integrations.all(organization);
        Map<String, Progress> reported = progress.of(organization.id());
        List<SyncTargetView> views =
                entities.all(organization.id(), KIND, TYPE).stream()
                        .filter(found -> family.has(found.record()))
                        .map(
                                found ->
                                        SyncTargetView.of(
                                                found,
                                                known.get(found.record().integration()),
                                                reported.getOrDefault(
                                                        found.record().id(), Progress.NONE),
                                                ""))
                        .toList();
        return Listing.of(
                views,
                views.isEmpty()
                        ? organization.name()
                                + " has no such sync targets yet. Run `webhookdb "
                                + family.command
                                + " create`."
                        : "",
                family.headers());
    }

    private Object create(Request request) {
        Organization organization = access.admin(request).organization();
        String identifier = request.text(Paths.INTEGRATION);
        if (identifier.isEmpty()) {
            throw ApiException.validation(Paths.INTEGRATION, "is missing");
        }
        Integration integration = integrations.one(organization, identifier);
        SyncTargetUrl url = fields.url(request);
        String id = OpaqueIds.next("syt");
        SyncTargetControl record =
                new SyncTargetControl(
                        id,
                        organization.id(),
                        1,
                        State.ACTIVE,
                        integration.opaqueId(),
                        url.kind(),
                        null,
                        fields.identifier(request, "schema"),
                        fields.identifier(request, "table"),
                        fields.pageSize(request, url.kind())
                                .orElse(SyncTargetFields.usualPageSize(url.kind())),
                        fields.requiredPeriod(request),
                        0);
        probe.check(url);
        Entities.Changed<SyncTargetControl> created =
                entities.create(
                        organization.id(),
                        integration.opaqueId(),
                        sealed(record, url),
                        url.shown());
        return SyncTargetView.of(
                created.document(),
                integration,
                "Rows of "
                        + integration.table()
                        + " are now synced to "
                        + url.shown()
                        + " every "
                        + record.periodSeconds()
                        + " seconds."
                        + SyncTargetProbe.note(url)
                        + created.note());
    }

    private Object update(Request request) {
        Organization organization = access.admin(request).organization();
        return changed(
                request,
                organization,
                found -> {
                    SyncTargetControl old = found.record();
                    return replaced(
                            found,
                            new SyncTargetControl(
                                    old.id(),
                                    old.organization(),
                                    old.revision() + 1,
                                    old.state(),
                                    old.integration(),
                                    old.kind(),
                                    old.connectionUrlCiphertext(),
                                    request.present("schema")
                                            ? fields.identifier(request, "schema")
                                            : old.schema(),
                                    request.present("table")
                                            ? fields.identifier(request, "table")
                                            : old.table(),
                                    fields.pageSize(request, old.kind()).orElse(old.pageSize()),
                                    fields.period(request).orElse(old.periodSeconds()),
                                    old.triggersRequested()));
                },
                "The sync target is updated.");
    }

    /** The old credentials are not known here: the shown URL gets the new ones. */
    private Object updateCredentials(Request request) {
        Organization organization = access.admin(request).organization();
        Document<SyncTargetControl> known = find(request, organization);
        String user = request.required("user", Question.pasteOrType("the user"));
        String password = request.required("password", Question.pasteOrTypeSecret("the password"));
        probe.check(fields.url(known.shown(), user, password));
        return changed(
                request,
                organization,
                found -> {
                    SyncTargetUrl url = fields.url(found.shown(), user, password);
                    return replaced(found, sealed(revised(found.record(), 0), url));
                },
                "The credentials of the sync target are replaced.");
    }

    private Object delete(Request request) {
        Organization organization = access.admin(request).organization();
        Document<SyncTargetControl> found = find(request, organization);
        Integration integration = integration(organization, found);
        if (!request.text("confirm").equals(integration.table())) {
            throw new PromptException(
                    "confirm",
                    new Question.Shown("Type the table name " + integration.table() + ":"),
                    "This stops the sync to "
                            + found.shown()
                            + ". What was synced stays where it is.");
        }
        String note =
                entities.delete(organization.id(), found.record().key(), TYPE, Ended::target)
                        .orElseThrow(() -> unknown(request, organization))
                        .note();
        return SyncTargetView.of(
                found,
                integration,
                "The sync target " + found.record().id() + " is deleted." + note);
    }

    private Object trigger(Request request) {
        Organization organization = access.admin(request).organization();
        return changed(
                request,
                organization,
                found -> replaced(found, revised(found.record(), 1)),
                "A sync starts now, or as soon as "
                        + fields.minPeriod()
                        + " seconds have passed since the last one.");
    }

    private SyncTargetView changed(
            Request request,
            Organization organization,
            UnaryOperator<Document<SyncTargetControl>> change,
            String message) {
        Document<SyncTargetControl> known = find(request, organization);
        Entities.Changed<SyncTargetControl> changed =
                entities.change(organization.id(), known.record().key(), TYPE, change)
                        .orElseThrow(() -> unknown(request, organization));
        return SyncTargetView.of(
                changed.document(), integration(organization, known), message + changed.note());
    }

    private Document<SyncTargetControl> find(Request request, Organization organization) {
        return entities.find(organization.id(), KIND + "/" + request.text(Paths.ID), TYPE)
                .filter(found -> family.has(found.record()))
                .orElseThrow(() -> unknown(request, organization));
    }

    private Integration integration(Organization organization, Document<SyncTargetControl> found) {
        return integrations.one(organization, found.record().integration());
    }

    private SyncTargetControl sealed(SyncTargetControl record, SyncTargetUrl url) {
        return new SyncTargetControl(
                record.id(),
                record.organization(),
                record.revision(),
                record.state(),
                record.integration(),
                record.kind(),
                sealer.seal(url.url(), SyncTargetControl.connectionUrlContext(record.id())),
                record.schema(),
                record.table(),
                record.pageSize(),
                record.periodSeconds(),
                record.triggersRequested());
    }

    private static SyncTargetControl revised(SyncTargetControl record, int triggers) {
        return new SyncTargetControl(
                record.id(),
                record.organization(),
                record.revision() + 1,
                record.state(),
                record.integration(),
                record.kind(),
                record.connectionUrlCiphertext(),
                record.schema(),
                record.table(),
                record.pageSize(),
                record.periodSeconds(),
                record.triggersRequested() + triggers);
    }

    private static Document<SyncTargetControl> replaced(
            Document<SyncTargetControl> found, SyncTargetControl record) {
        return new Document<>(found.id(), record, found.shown(), found.createdAt());
    }

    private ApiException unknown(Request request, Organization organization) {
        return ApiException.permission(
                "There is no sync target "
                        + request.text(Paths.ID)
                        + " of this kind in "
                        + organization.name()
                        + ". Run `webhookdb "
                        + family.command
                        + " list`.");
    }
}
