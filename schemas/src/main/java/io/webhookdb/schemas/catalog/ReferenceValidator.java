package io.webhookdb.schemas.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks that services which name another name one of the catalogue. */
final class ReferenceValidator {
    private ReferenceValidator() {}

    static List<CatalogProblem> problems(Collection<ServiceDefinition> services) {
        Set<String> names =
                services.stream().map(ServiceDefinition::name).collect(Collectors.toSet());
        List<CatalogProblem> problems = new ArrayList<>();
        for (ServiceDefinition service : services) {
            ProblemList list = new ProblemList(service.vendor() + "/" + service.name() + ".yaml");
            references(service)
                    .forEach(
                            reference -> {
                                if (!names.contains(reference.name())) {
                                    list.add(
                                            reference.path(),
                                            reference.name(),
                                            "expected a service of the catalogue");
                                }
                            });
            problems.addAll(list.all());
        }
        return problems;
    }

    private record Reference(String path, String name) {}

    private static List<Reference> references(ServiceDefinition service) {
        List<Reference> found = new ArrayList<>();
        if (service.parent() != null) {
            found.add(new Reference("/parent", service.parent()));
        }
        Backfill backfill = service.backfill();
        if (backfill != null && backfill.fanOut() != null) {
            found.add(new Reference("/backfill/fan-out/over", backfill.fanOut().over()));
        }
        if (backfill != null
                && backfill.auth().refresh() != null
                && backfill.auth().refresh().token() != null) {
            found.add(
                    new Reference(
                            "/backfill/auth/refresh/token/service",
                            backfill.auth().refresh().token().service()));
        }
        if (backfill != null && backfill.derived() != null) {
            found.add(new Reference("/backfill/derived/from", backfill.derived().from()));
        }
        if (service.routes() != null) {
            service.routes()
                    .children()
                    .forEach(
                            (kind, name) ->
                                    found.add(new Reference("/routes/children/" + kind, name)));
            service.routes()
                    .always()
                    .forEach(name -> found.add(new Reference("/routes/always", name)));
        }
        if (service.connection() != null) {
            service.connection()
                    .creates()
                    .forEach(name -> found.add(new Reference("/connection/creates", name)));
        }
        return found;
    }
}
