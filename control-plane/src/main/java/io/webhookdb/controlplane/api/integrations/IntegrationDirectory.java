package io.webhookdb.controlplane.api.integrations;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Which integrations an organization has. */
public final class IntegrationDirectory {
    private final Jdbi jdbi;

    public IntegrationDirectory(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * The integration of that opaque id, service name or table name.
     *
     * @throws ApiException 403 if there is none, 409 if there are several
     */
    public Integration one(Organization organization, String identifier) {
        List<Integration> found =
                jdbi.withHandle(
                        handle -> IntegrationStore.find(handle, organization.id(), identifier));
        if (found.isEmpty()) {
            throw ApiException.permission(
                    "There is no integration "
                            + identifier
                            + " in "
                            + organization.name()
                            + ". Run `webhookdb integrations list`.");
        }
        if (found.size() > 1) {
            throw ApiException.of(
                    409,
                    "invalid_input",
                    "There are several integrations for "
                            + identifier
                            + ". Say which one by its id or table: "
                            + found.stream().map(i -> i.opaqueId() + " " + i.table()).toList());
        }
        return found.get(0);
    }

    /**
     * Moves all integrations of a service to another definition of it, in the caller's transaction.
     *
     * @return their numeric ids
     */
    public static List<Long> redefine(
            Handle transaction, long organization, ServiceDefinition service) {
        return IntegrationStore.follow(transaction, organization, service);
    }

    /** Whether an organization has an integration for a service. */
    public static boolean serviceInUse(Handle handle, long organization, String service) {
        return IntegrationStore.serviceInUse(handle, organization, service);
    }

    /** All of them by opaque id. */
    public Map<String, Integration> all(Organization organization) {
        return jdbi
                .withHandle(handle -> IntegrationStore.ofOrganization(handle, organization.id()))
                .stream()
                .collect(Collectors.toMap(Integration::opaqueId, Function.identity()));
    }
}
