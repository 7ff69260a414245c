package io.webhookdb.controlplane.api.services;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Json;
import io.webhookdb.controlplane.api.http.Listing;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Question;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.onward.Destinations;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Member;
import io.webhookdb.controlplane.api.provisioned.Provisioned;
import io.webhookdb.controlplane.api.services.OwnServices.Defined;
import io.webhookdb.schemas.catalog.DefinitionDraft;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/** {@code /v1/organizations/{org}/service_definitions}: services of one's own. */
public final class OwnServiceRoutes {
    private static final String DEFINITIONS = Paths.ONE_ORGANIZATION + "/service_definitions";
    private static final String SERVICE = "service";
    private static final String ONE = DEFINITIONS + "/{" + SERVICE + "}";
    private static final List<List<String>> HEADERS =
            List.of(
                    List.of("name", "Name"),
                    List.of("version", "Version"),
                    List.of("defined_at", "Defined"));

    private final Access access;
    private final OwnServices services;

    public OwnServiceRoutes(
            Jdbi jdbi,
            Access access,
            OrganizationCatalog catalog,
            Provisioned provisioned,
            Destinations destinations) {
        this.access = access;
        this.services = new OwnServices(jdbi, catalog, provisioned, destinations);
    }

    /** One of the list, or alone with its file. */
    record View(String name, int version, String definedAt, String definition, String message) {}

    /** Adds the routes. */
    public void addTo(Router router) {
        router.get(DEFINITIONS, this::list)
                .post(DEFINITIONS + "/define", this::define)
                .post(DEFINITIONS + "/check", this::check)
                .post(DEFINITIONS + "/try", this::tryOut)
                .post(DEFINITIONS + "/infer", this::infer)
                .get(ONE, r -> view(services.one(access.member(r), r.text(SERVICE)), ""))
                .post(ONE + "/delete", this::undefine);
    }

    private Object list(Request request) {
        Member member = access.member(request);
        List<View> views = services.all(member).stream().map(own -> view(own, "")).toList();
        return Listing.of(
                views,
                views.isEmpty()
                        ? member.organization().name()
                                + " has defined no services. Run `webhookdb services define`."
                        : "",
                HEADERS);
    }

    private Object define(Request request) {
        Member admin = access.admin(request);
        Defined defined = services.define(admin, source(request));
        String name = defined.definition().name();
        String tables =
                defined.tables() == 0
                        ? "\nRun `webhookdb integrations create " + name + "` to use it."
                        : "\n" + defined.tables() + " table(s) follow it" + added(defined) + ".";
        return view(
                services.one(admin, name),
                "The service " + name + " is defined, version " + defined.version() + "." + tables);
    }

    private static String added(Defined defined) {
        return defined.added().isEmpty()
                ? ""
                : "; new columns: " + String.join(", ", defined.added());
    }

    private Object check(Request request) {
        ServiceDefinition definition = services.check(access.member(request), source(request));
        return Map.of(
                "message",
                definition.name()
                        + " is right: key "
                        + definition.key().column()
                        + ", "
                        + definition.columns().size()
                        + " more columns."
                        + tried(definition, request)
                        + " Nothing was stored.");
    }

    /** The definition with the requests that came along, if any did. */
    private static String tried(ServiceDefinition definition, Request request) {
        Map<String, String> fixtures =
                request.node("fixtures").properties().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey,
                                        fixture -> fixture.getValue().asText("")));
        if (fixtures.isEmpty()) {
            return "";
        }
        FixtureTrial.Outcome outcome = FixtureTrial.run(definition, fixtures);
        if (!outcome.problems().isEmpty()) {
            throw OwnServices.refused(outcome.problems());
        }
        return " Of " + fixtures.size() + " fixtures " + outcome.rows() + " rows, all as expected.";
    }

    private Object tryOut(Request request) {
        access.member(request);
        String payload = request.required("payload", Question.pasteOrType("the body of a request"));
        Map<String, String> headers =
                request.node("headers").properties().stream()
                        .collect(
                                Collectors.toMap(
                                        header -> header.getKey().toLowerCase(Locale.ROOT),
                                        header -> header.getValue().asText(),
                                        (first, second) -> second));
        return Trial.run(services.read(source(request)), payload, headers);
    }

    private Object infer(Request request) {
        access.member(request);
        String name = request.text(SERVICE);
        List<String> bodies = new ArrayList<>();
        request.node("samples").forEach(sample -> bodies.add(sample.asText("")));
        if (bodies.isEmpty()) {
            bodies.add(request.required("sample", Question.pasteOrType("the body of a request")));
        }
        List<JsonNode> samples = bodies.stream().map(OwnServiceRoutes::parsed).toList();
        try {
            String draft = DefinitionDraft.of(name.isEmpty() ? "own_resource_v1" : name, samples);
            return Map.of("definition", draft, "message", "");
        } catch (IllegalArgumentException e) {
            throw ApiException.validation("samples", "have no object", e.getMessage());
        }
    }

    private Object undefine(Request request) {
        Member admin = access.admin(request);
        OwnService own = services.one(admin, request.text(SERVICE));
        services.undefine(admin, own.name());
        return view(own, "The service " + own.name() + " is not defined any more.");
    }

    /** As it was sent: a file's blanks matter to no one, but its lines are shown again. */
    private static String source(Request request) {
        String trimmed =
                request.required("definition", Question.pasteOrType("the definition, as YAML"));
        String sent = request.node("definition").asText("");
        return sent.isBlank() ? trimmed : sent;
    }

    private static JsonNode parsed(String body) {
        try {
            return Json.MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw ApiException.validation(
                    "samples",
                    "must be JSON",
                    "A sample is no JSON: line "
                            + e.getLocation().getLineNr()
                            + ", column "
                            + e.getLocation().getColumnNr()
                            + ".");
        }
    }

    private static View view(OwnService own, String message) {
        return new View(
                own.name(), own.version(), own.createdAt().toString(), own.source(), message);
    }
}
