package io.webhookdb.controlplane.api.integrations;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Listing;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.PromptException;
import io.webhookdb.controlplane.api.http.Question;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.http.Step;
import io.webhookdb.controlplane.api.install.InstallSettings;
import io.webhookdb.controlplane.api.integrations.SetupMachine.Mode;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Member;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.api.provisioned.Entities;
import io.webhookdb.controlplane.api.provisioned.Provisioned;
import io.webhookdb.controlplane.api.services.OrganizationCatalog;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.control.IntegrationControl.Deletion;
import io.webhookdb.security.keyset.KeysetFolder;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;

/** {@code /v1/organizations/{org}/service_integrations}. */
public final class IntegrationRoutes {
    private static final List<List<String>> HEADERS =
            List.of(
                    List.of("service_name", "Name"),
                    List.of("table_name", "Table"),
                    List.of("opaque_id", "Id"));

    private static final String POLL = "poll_every";
    private static final String GUARD = "guard_confirm";

    /** Fits an identifier of Postgres, 63 bytes. */
    private static final Pattern TABLE_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_ ]{0,62}");

    private final Access access;
    private final OrganizationCatalog catalog;
    private final Integrations integrations;
    private final SetupConversation conversation;
    private final IntegrationInfo info;
    private final BackfillRoutes backfillRoutes;
    private final Registrations registrations;
    private final ConnectRoutes connectRoutes;
    private final Dependencies dependencies;
    private final FirstPage firstPage;

    public IntegrationRoutes(
            Jdbi jdbi,
            Access access,
            Function<Request, Organization> readers,
            OrganizationCatalog catalog,
            KeysetFolder keysets,
            URI ingestUrl,
            Provisioned provisioned,
            Duration firstPageWait,
            Entities entities,
            Catalog whole,
            InstallSettings install,
            URI apiUrl) {
        this.access = access;
        this.catalog = catalog;
        IntegrationSecrets secrets =
                new IntegrationSecrets(
                        keysets.ingest(), keysets.readers(), keysets.connectionsSealer());
        Endpoints endpoints = new Endpoints(ingestUrl);
        Backfills backfills = new Backfills(jdbi, entities);
        this.conversation =
                new SetupConversation(jdbi, catalog, secrets, endpoints, provisioned, backfills);
        this.integrations =
                new Integrations(jdbi, catalog, secrets, provisioned, backfills, conversation);
        this.dependencies = new Dependencies(jdbi, conversation);
        this.firstPage =
                new FirstPage(jdbi, conversation, backfills, new Provisioned(jdbi, firstPageWait));
        this.backfillRoutes =
                new BackfillRoutes(
                        access,
                        readers,
                        integrations,
                        conversation,
                        backfills,
                        dependencies,
                        firstPage);
        this.connectRoutes =
                new ConnectRoutes(
                        access,
                        whole,
                        apiUrl,
                        new ConnectedAccounts(jdbi, catalog, install, secrets),
                        integrations);
        this.registrations = new Registrations(jdbi, endpoints);
        this.info = new IntegrationInfo(secrets, endpoints);
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        backfillRoutes.addTo(router);
        connectRoutes.addTo(router);
        router.get(Paths.INTEGRATIONS, this::list)
                .post(Paths.INTEGRATIONS + "/create", this::create)
                .post(Paths.ONE_INTEGRATION + "/setup", this::setup)
                .post(Paths.ONE_INTEGRATION + "/reset", this::reset)
                .post(Paths.ONE_INTEGRATION + "/info", this::info)
                .post(Paths.ONE_INTEGRATION + "/roll_api_key", this::rollApiKey)
                .get(Paths.ONE_INTEGRATION + "/stats", r -> integrations.stats(one(r)))
                .post(Paths.ONE_INTEGRATION + "/rename_table", this::renameTable)
                .post(Paths.ONE_INTEGRATION + "/update", this::update)
                .post(Paths.ONE_INTEGRATION + "/register", this::register)
                .post(Paths.ONE_INTEGRATION + "/delete", this::delete)
                .post(Paths.ONE_INTEGRATION + "/transition/{field}", this::transition);
    }

    private Object list(Request request) {
        Member member = access.member(request);
        List<Integration.View> views =
                integrations.all(member.organization()).stream()
                        .map(integration -> integration.view(""))
                        .toList();
        String message =
                views.isEmpty()
                        ? member.organization().name()
                                + " has no integrations yet. Run `webhookdb services list` and"
                                + " `webhookdb integrations create`."
                        : "";
        return Listing.of(views, message, HEADERS);
    }

    private Object create(Request request) {
        Member admin = access.admin(request);
        String name =
                request.required("service_name", Question.pasteOrType("the name of the service"));
        ServiceDefinition service =
                catalog.service(admin.organization().id(), name)
                        .orElseThrow(
                                () ->
                                        ApiException.of(
                                                400,
                                                "invalid_service",
                                                SimilarNames.noService(name, names(admin))));
        boolean confirmed = request.present(GUARD);
        if (!confirmed && integrations.inUse(admin.organization(), service)) {
            throw another(admin.organization(), service);
        }
        return dependencies
                .missing(admin.organization(), service)
                .orElseGet(
                        () ->
                                dependencies.listed(
                                        admin.organization().id(),
                                        service,
                                        confirmed
                                                ? integrations.create(admin, service)
                                                : first(admin, service)));
    }

    private Step first(Member admin, ServiceDefinition service) {
        return integrations
                .createFirst(admin, service)
                .orElseThrow(() -> another(admin.organization(), service));
    }

    private static PromptException another(Organization organization, ServiceDefinition service) {
        return new PromptException(
                GUARD,
                new Question.Shown("Press Enter to create another one, or Ctrl+C to stop:"),
                organization.name()
                        + " already has an integration for "
                        + service.name()
                        + ". Another one gets its own table and its own endpoint.");
    }

    private Object setup(Request request) {
        Integration integration = one(request);
        return dependencies.listed(
                integration,
                isOnlyFetched(integration)
                        ? firstPage.tried(
                                integration,
                                () -> conversation.backfill(integration, Extent.INCREMENTAL))
                        : conversation.setup(integration));
    }

    private Object reset(Request request) {
        Integration integration = one(request);
        return dependencies.listed(
                integration,
                isOnlyFetched(integration)
                        ? conversation.resetBackfill(integration, Extent.INCREMENTAL)
                        : conversation.reset(integration));
    }

    /** Whether the setup is the conversation about fetching, which ends in a backfill. */
    private boolean isOnlyFetched(Integration integration) {
        return new SetupMachine(conversation.definition(integration)).preferred() == Mode.BACKFILL;
    }

    private Object info(Request request) {
        Integration integration = one(request);
        return info.of(integration, conversation.definition(integration), request.text("field"));
    }

    private Object rollApiKey(Request request) {
        return Map.of("webhookdb_api_key", integrations.rollApiKey(one(request)));
    }

    private Object delete(Request request) {
        Member admin = access.admin(request);
        Integration integration =
                integrations.one(admin.organization(), request.text(Paths.INTEGRATION));
        List<Integration> dependents = dependencies.of(integration);
        String typed = request.text("confirm");
        if (!typed.equals(integration.table())) {
            throw new PromptException(
                    "confirm",
                    new Question.Shown("Type the table name " + integration.table() + ":"),
                    (typed.isBlank() ? "" : "\"" + typed + "\" is not the name of its table. ")
                            + "This deletes the integration "
                            + integration.opaqueId()
                            + " for good, and the table "
                            + integration.table()
                            + " with all its rows."
                            + Dependencies.told(
                                    "\nWhat depends on it is deleted with it:", dependents));
        }
        dependents.forEach(integrations::delete);
        String note = integrations.delete(integration).note();
        return integration.view(
                "The integration "
                        + integration.opaqueId()
                        + " and its table "
                        + integration.table()
                        + " are deleted."
                        + Dependencies.told("\nSo is what depended on it:", dependents)
                        + note);
    }

    private Object renameTable(Request request) {
        Member admin = access.admin(request);
        Integration integration =
                integrations.one(admin.organization(), request.text(Paths.INTEGRATION));
        String name =
                request.required("new_name", Question.pasteOrType("the new name of the table"));
        if (!TABLE_NAME.matcher(name).matches()) {
            throw ApiException.validation(
                    "new_name",
                    "must start with a letter, have only letters, digits, blanks and _, and at most"
                            + " 63 characters");
        }
        return integrations.renameTable(admin.organization(), integration, name);
    }

    /** Beyond the original's contract. */
    private Object update(Request request) {
        Member admin = access.admin(request);
        Integration integration =
                integrations.one(admin.organization(), request.text(Paths.INTEGRATION));
        if (!request.text(POLL).isEmpty()) {
            return poll(request, integration);
        }
        String word =
                request.required(
                        "deletion",
                        Question.pasteOrType(
                                "what becomes of rows deleted at the vendor, tombstone or hard"));
        return integrations.changeDeletion(
                integration,
                Arrays.stream(Deletion.values())
                        .filter(mode -> mode.name().toLowerCase(Locale.ROOT).equals(word))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        ApiException.validation(
                                                "deletion", "must be tombstone or hard")));
    }

    private Object register(Request request) {
        Member admin = access.admin(request);
        return integrations.register(
                integrations.one(admin.organization(), request.text(Paths.INTEGRATION)),
                registrations);
    }

    private Object poll(Request request, Integration integration) {
        if (!request.text("deletion").isEmpty()) {
            throw ApiException.validation(POLL, "cannot be changed together with deletion");
        }
        try {
            return integrations.changePolling(integration, PollPeriod.seconds(request.text(POLL)));
        } catch (IllegalArgumentException e) {
            throw ApiException.validation(POLL, e.getMessage());
        }
    }

    private Object transition(Request request) {
        Integration integration = one(request);
        if (!request.present("value")) {
            throw ApiException.validation("value", "is missing");
        }
        String field = request.text("field");
        return dependencies.listed(
                integration,
                switch (field) {
                    case "noop_create" -> conversation.proceed(integration);
                    case SetupMachine.DEPENDENCY_FIELD ->
                            dependencies.choose(integration, request.text("value"));
                    default ->
                            firstPage.tried(
                                    integration,
                                    () ->
                                            conversation.answer(
                                                    integration, field, request.text("value")));
                });
    }

    private Integration one(Request request) {
        Member member = access.member(request);
        return integrations.one(member.organization(), request.text(Paths.INTEGRATION));
    }

    private List<String> names(Member member) {
        return catalog.services(member.organization().id()).stream()
                .map(ServiceDefinition::name)
                .toList();
    }
}
