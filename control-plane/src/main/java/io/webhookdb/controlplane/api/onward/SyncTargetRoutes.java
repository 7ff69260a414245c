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
import io.webhookdb.controlplane.api.services.OrganizationCatalog;
import io.webhookdb.controlplane.database.ControlDocuments.Document;
import io.webhookdb.controlplane.database.OpaqueIds;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SyncTargetControl;
import io.webhookdb.schemas.control.SyncTargetSettings;
import io.webhookdb.schemas.control.SyncTargetSettings.Lanes;
import io.webhookdb.security.connection.SyncTargetUrl;
import io.webhookdb.security.keyset.SecretSealer;
import java.util.List;
import java.util.Map;

/** {@code /v1/organizations/{org}/sync_targets/db} and {@code /http}. */
public final class SyncTargetRoutes {
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

        String path() {
            return path;
        }

        String command() {
            return command;
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
    private final SecretSealer sealer;
    private final SyncTargetProbe probe;
    private final SyncTargetProgress progress;
    private final SyncTargetFields fields;
    private final SyncColumnFields columns;
    private final SyncTargetDirectory directory;

    public SyncTargetRoutes(
            Family family,
            Access access,
            IntegrationDirectory integrations,
            OrganizationCatalog catalog,
            Entities entities,
            SecretSealer sealer,
            SyncTargetProbe probe,
            SyncTargetProgress progress,
            OnwardSettings settings) {
        this.family = family;
        this.access = access;
        this.integrations = integrations;
        this.sealer = sealer;
        this.probe = probe;
        this.progress = progress;
        this.fields = new SyncTargetFields(family, settings.minSyncPeriod());
        this.columns = new SyncColumnFields(catalog, integrations, sealer);
        this.directory = new SyncTargetDirectory(family, integrations, entities);
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
        new SyncTargetControls(family, access, integrations, progress, directory).addTo(router);
    }

    private Object list(Request request) {
        Organization organization = access.member(request).organization();
        Map<String, Integration> known = integrations.all(organization);
        Map<String, Progress> reported = progress.of(organization.id());
        List<SyncTargetView> views =
                directory.all(organization).stream()
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
        Integration integration = directory.named(request, organization);
        SyncTargetUrl url = fields.url(request);
        String id = OpaqueIds.next("syt");
        SyncTargetControl record =
                new SyncTargetControl(
                        id,
                        organization.id(),
                        1,
                        State.ACTIVE,
                        integration == null ? null : integration.opaqueId(),
                        url.kind(),
                        sealer.seal(url.url(), SyncTargetControl.connectionUrlContext(id)),
                        fields.identifier(request, "schema"),
                        table(request, integration == null),
                        fields.pageSize(request, url.kind())
                                .orElse(SyncTargetFields.usualPageSize(url.kind())),
                        fields.requiredPeriod(request),
                        0,
                        columns.read(
                                request,
                                organization,
                                integration,
                                new SyncColumnFields.Destination(id, url.kind()),
                                SyncTargetSettings.STANDARD.shared(
                                        new Lanes(fields.parallelism(request).orElse(1), 0))));
        probe.check(url);
        Entities.Changed<SyncTargetControl> created =
                directory.create(organization, record, url.shown());
        return SyncTargetView.of(
                created.document(),
                integration,
                "Rows of "
                        + (integration == null
                                ? "every integration of " + organization.name()
                                : integration.table())
                        + " are now synced to "
                        + url.shown()
                        + " every "
                        + record.periodSeconds()
                        + " seconds."
                        + SyncTargetProbe.note(url)
                        + created.note());
    }

    /** Tables of a target that takes all are named as their sources. */
    private String table(Request request, boolean takesAll) {
        String table = fields.identifier(request, "table");
        if (takesAll && !table.isEmpty()) {
            throw ApiException.validation(
                    "table", "must be blank: a target of all integrations keeps their names");
        }
        return table;
    }

    private Object update(Request request) {
        Organization organization = access.admin(request).organization();
        Document<SyncTargetControl> known = directory.find(request, organization);
        Integration integration = directory.integration(organization, known);
        boolean again =
                SyncColumnFields.areGiven(request)
                        || fields.parallelism(request)
                                .filter(count -> count != known.record().settings().lanes().count())
                                .isPresent();
        return directory.change(
                request,
                organization,
                old -> updated(request, organization, integration, old),
                "The sync target is updated."
                        + (again ? " All rows are sent once more in their new form." : ""));
    }

    private SyncTargetControl updated(
            Request request,
            Organization organization,
            Integration integration,
            SyncTargetControl old) {
        SyncTargetControl written =
                old.writing(
                        request.present("schema")
                                ? fields.identifier(request, "schema")
                                : old.schema(),
                        request.present("table")
                                ? table(request, old.takesAllIntegrations())
                                : old.table(),
                        fields.pageSize(request, old.kind()).orElse(old.pageSize()),
                        fields.period(request).orElse(old.periodSeconds()));
        Lanes lanes = old.settings().lanes();
        SyncTargetSettings shared =
                old.settings().shared(fields.parallelism(request).map(lanes::of).orElse(lanes));
        SyncTargetSettings now =
                SyncColumnFields.areGiven(request)
                        ? columns.read(
                                request,
                                organization,
                                integration,
                                new SyncColumnFields.Destination(old.id(), old.kind()),
                                shared)
                        : shared;
        return now.equals(old.settings()) ? written : written.wanting(now);
    }

    /** The old credentials are not known here: the shown URL gets the new ones. */
    private Object updateCredentials(Request request) {
        Organization organization = access.admin(request).organization();
        Document<SyncTargetControl> known = directory.find(request, organization);
        SyncTargetFields.Credentials given = fields.credentials(request, known.shown());
        probe.check(fields.url(known.shown(), given));
        return directory.changeDocument(
                request,
                organization,
                found -> {
                    SyncTargetUrl url = fields.url(found.shown(), given);
                    String sealed =
                            sealer.seal(
                                    url.url(),
                                    SyncTargetControl.connectionUrlContext(found.record().id()));
                    return SyncTargetDirectory.with(found, found.record().reachedBy(sealed));
                },
                "The credentials of the sync target are replaced.");
    }

    private Object delete(Request request) {
        Organization organization = access.admin(request).organization();
        Document<SyncTargetControl> found = directory.find(request, organization);
        Integration integration = directory.integration(organization, found);
        String name =
                integration == null ? SyncTargetDirectory.WHOLE_ORGANIZATION : integration.table();
        if (!request.text("confirm").equals(name)) {
            throw new PromptException(
                    "confirm",
                    new Question.Shown(
                            (integration == null ? "Type " : "Type the table name ") + name + ":"),
                    "This stops the sync to "
                            + found.shown()
                            + ". What was synced stays where it is.");
        }
        String note = directory.delete(request, organization);
        return SyncTargetView.of(
                found,
                integration,
                "The sync target " + found.record().id() + " is deleted." + note);
    }

    private Object trigger(Request request) {
        return directory.change(
                request,
                access.admin(request).organization(),
                SyncTargetControl::triggered,
                "A sync starts now, or as soon as "
                        + (fields.minPeriod() == 1
                                ? "a second has"
                                : fields.minPeriod() + " seconds have")
                        + " passed since the last one.");
    }
}
