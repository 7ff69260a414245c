package io.webhookdb.controlplane.api.integrations;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Message;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.services.OrganizationCatalog;
import io.webhookdb.controlplane.database.UpsertOutbox;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.event.EventIds;
import io.webhookdb.security.keyset.SecretSealer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/**
 * {@code .../service_integrations/{integration}/upsert}: a body that becomes a row as if the vendor
 * had sent it. Whoever may set the webhook secret could sign it as well, so a session is enough.
 */
public final class UpsertRoutes {
    /** Bounds what waits in the database while Kafka is away. */
    private static final long MOST_WAITING = 10_000;

    private final Jdbi jdbi;
    private final Access access;
    private final IntegrationDirectory directory;
    private final OrganizationCatalog catalog;
    private final SecretSealer sealer;
    private final EventIds ids = new EventIds();

    /**
     * @param sealer writes what only the provisioner can read
     */
    public UpsertRoutes(
            Jdbi jdbi,
            Access access,
            IntegrationDirectory directory,
            OrganizationCatalog catalog,
            SecretSealer sealer) {
        this.jdbi = jdbi;
        this.access = access;
        this.directory = directory;
        this.catalog = catalog;
        this.sealer = sealer;
    }

    /** Adds the route. */
    public void addTo(Router router) {
        router.post(Paths.ONE_INTEGRATION + "/upsert", this::upsert);
    }

    private Object upsert(Request request) {
        Integration integration =
                directory.one(
                        access.member(request).organization(), request.text(Paths.INTEGRATION));
        byte[] body = request.body();
        if (body.length == 0) {
            throw ApiException.invalidInput(
                    "There is no row in the request. Send the object as "
                            + integration.service()
                            + " sends it, as JSON.");
        }
        Map<String, String> headers = keptHeaders(request, integration);
        jdbi.useTransaction(
                handle -> {
                    if (UpsertOutbox.waiting(handle, MOST_WAITING)) {
                        throw ApiException.of(
                                503,
                                "overloaded",
                                "Too many rows wait to be taken. Try again in a minute.");
                    }
                    UpsertOutbox.add(handle, sealer, ids.next(), integration.id(), headers, body);
                });
        return new Message(
                "The row is accepted. It will be in the table "
                        + integration.table()
                        + " in a moment.");
    }

    private Map<String, String> keptHeaders(Request request, Integration integration) {
        List<String> names =
                catalog.service(integration.organization(), integration.service())
                        .map(ServiceDefinition::keepHeaders)
                        .orElse(List.of());
        return names.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> !request.header(name).isEmpty())
                .collect(Collectors.toMap(Function.identity(), request::header, (a, b) -> a));
    }
}
