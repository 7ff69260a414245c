package io.webhookdb.controlplane.api.services;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.integrations.IntegrationDirectory;
import io.webhookdb.controlplane.api.onward.Destinations;
import io.webhookdb.controlplane.api.organizations.Member;
import io.webhookdb.controlplane.api.provisioned.Provisioned;
import io.webhookdb.schemas.catalog.CatalogException;
import io.webhookdb.schemas.catalog.CatalogProblem;
import io.webhookdb.schemas.catalog.DefinitionChange;
import io.webhookdb.schemas.catalog.OwnDefinition;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.security.signature.SignatureVerifier;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/** What can be done with the services an organization defines. */
final class OwnServices {
    private static final String FIELD = "definition";

    /** Most services of one organization. */
    private static final int MOST = 200;

    private final Jdbi jdbi;
    private final OrganizationCatalog catalog;
    private final Provisioned provisioned;
    private final Destinations destinations;

    OwnServices(
            Jdbi jdbi,
            OrganizationCatalog catalog,
            Provisioned provisioned,
            Destinations destinations) {
        this.jdbi = jdbi;
        this.catalog = catalog;
        this.provisioned = provisioned;
        this.destinations = destinations;
    }

    /**
     * What came of a definition.
     *
     * @param added columns its tables get
     * @param tables how many tables follow it
     */
    record Defined(ServiceDefinition definition, int version, List<String> added, int tables) {}

    /**
     * Reads a file and checks it against what the organization has.
     *
     * @throws ApiException 400 with every problem
     */
    ServiceDefinition check(Member member, String source) {
        ServiceDefinition definition = read(source);
        if (catalog.isOffered(definition.name())) {
            throw refused(
                    List.of(
                            new CatalogProblem(
                                    FIELD,
                                    "/service",
                                    "\""
                                            + definition.name()
                                            + "\" is a service everybody has; choose another"
                                            + " name.")));
        }
        jdbi.withHandle(
                        handle ->
                                OwnServiceStore.find(
                                        handle, member.organization().id(), definition.name()))
                .ifPresent(before -> change(before, definition));
        return definition;
    }

    /** Reads a file alone. */
    ServiceDefinition read(String source) {
        try {
            ServiceDefinition definition = OwnDefinition.read(source);
            requireVerifiable(definition);
            requireReachable(definition);
            return definition;
        } catch (CatalogException e) {
            throw refused(e.problems());
        }
    }

    /** Stores the next version; the organization's integrations of the service follow it. */
    Defined define(Member member, String source) {
        ServiceDefinition definition = check(member, source);
        long organization = member.organization().id();
        List<Long> moved = new java.util.ArrayList<>();
        Defined defined =
                jdbi.inTransaction(
                        handle -> {
                            OwnServiceStore.lock(handle, organization);
                            Optional<OwnService> before =
                                    OwnServiceStore.find(handle, organization, definition.name());
                            if (before.isPresent()
                                    && before.get().source().equals(source)
                                    && before.get().definition().hash().equals(definition.hash())) {
                                return new Defined(
                                        definition, before.get().version(), List.of(), 0);
                            }
                            requireRoom(before, OwnServiceStore.all(handle, organization).size());
                            List<String> added =
                                    before.map(found -> change(found, definition).added())
                                            .orElse(List.of());
                            int version =
                                    OwnServiceStore.add(
                                            handle,
                                            organization,
                                            member.customer().id(),
                                            definition,
                                            source);
                            moved.addAll(
                                    IntegrationDirectory.redefine(
                                            handle, organization, definition));
                            return new Defined(definition, version, added, moved.size());
                        });
        moved.forEach(provisioned::awaitIntegration);
        return defined;
    }

    /** Ends a service that nothing uses. */
    void undefine(Member member, String name) {
        long organization = member.organization().id();
        jdbi.useTransaction(
                handle -> {
                    OwnServiceStore.lock(handle, organization);
                    if (OwnServiceStore.find(handle, organization, name).isEmpty()) {
                        throw unknown(member, name);
                    }
                    if (IntegrationDirectory.serviceInUse(handle, organization, name)) {
                        throw ApiException.of(
                                409,
                                "invalid_input",
                                "There is an integration for "
                                        + name
                                        + ". Delete it first, or define another service.");
                    }
                    OwnServiceStore.delete(handle, organization, name);
                });
    }

    List<OwnService> all(Member member) {
        return jdbi.withHandle(handle -> OwnServiceStore.all(handle, member.organization().id()));
    }

    OwnService one(Member member, String name) {
        return jdbi.withHandle(
                        handle -> OwnServiceStore.find(handle, member.organization().id(), name))
                .orElseThrow(() -> unknown(member, name));
    }

    private static void requireRoom(Optional<OwnService> before, int there) {
        if (before.isEmpty() && there >= MOST) {
            throw ApiException.invalidInput(
                    "There are "
                            + there
                            + " services of your own; allowed are "
                            + MOST
                            + ". Undefine one that is not used.");
        }
    }

    private static DefinitionChange change(OwnService before, ServiceDefinition after) {
        DefinitionChange change = DefinitionChange.of(before.definition(), after);
        if (!change.problems().isEmpty()) {
            throw refused(change.problems());
        }
        return change;
    }

    private static void requireVerifiable(ServiceDefinition definition) {
        if (!SignatureVerifier.isSupported(definition.verification())) {
            throw refused(
                    List.of(
                            new CatalogProblem(
                                    FIELD,
                                    "/verification",
                                    "this release cannot check "
                                            + definition.verification().scheme()
                                            + " as it is described here.")));
        }
    }

    private void requireReachable(ServiceDefinition definition) {
        if (definition.backfill() != null
                && definition.backfill().base() != null
                && definition.backfill().base().text() != null) {
            destinations.check(
                    "backfill base", definition.backfill().base().text(), Set.of("https", "http"));
        }
    }

    static ApiException refused(List<CatalogProblem> problems) {
        String lines =
                problems.stream()
                        .map(problem -> "  " + place(problem) + ": " + problem.message())
                        .collect(Collectors.joining("\n"));
        return ApiException.validation(
                FIELD,
                "has " + problems.size() + " problem(s)",
                "The definition has "
                        + (problems.size() == 1 ? "a problem" : problems.size() + " problems")
                        + ":\n"
                        + lines);
    }

    private static String place(CatalogProblem problem) {
        return problem.path().isEmpty() ? "/" : problem.path();
    }

    private static ApiException unknown(Member member, String name) {
        return ApiException.permission(
                member.organization().name()
                        + " has defined no service "
                        + name
                        + ". Run `webhookdb services list`.");
    }
}
