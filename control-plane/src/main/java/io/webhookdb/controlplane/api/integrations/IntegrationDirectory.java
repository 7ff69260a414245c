package io.webhookdb.controlplane.api.integrations;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.organizations.Organization;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
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

    /** All of them by opaque id. */
    public Map<String, Integration> all(Organization organization) {
        return jdbi
                .withHandle(handle -> IntegrationStore.ofOrganization(handle, organization.id()))
                .stream()
                .collect(Collectors.toMap(Integration::opaqueId, Function.identity()));
    }
}
