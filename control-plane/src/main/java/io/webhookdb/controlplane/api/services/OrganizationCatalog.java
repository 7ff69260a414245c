package io.webhookdb.controlplane.api.services;

import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * What one organization can integrate: the services everybody can, and those it defined itself. Its
 * own win, should a later release bring one of the same name.
 */
public final class OrganizationCatalog {
    private final Jdbi jdbi;
    private final Catalog offered;

    /**
     * @param offered services everybody can integrate
     */
    public OrganizationCatalog(Jdbi jdbi, Catalog offered) {
        this.jdbi = jdbi;
        this.offered = offered;
    }

    /** All services, sorted by name. */
    public Collection<ServiceDefinition> services(long organization) {
        SortedMap<String, ServiceDefinition> services = new TreeMap<>();
        offered.services().forEach(service -> services.put(service.name(), service));
        jdbi.withHandle(handle -> OwnServiceStore.all(handle, organization))
                .forEach(own -> services.put(own.name(), own.definition()));
        return services.values();
    }

    /** The service of that name. */
    public Optional<ServiceDefinition> service(long organization, String name) {
        return jdbi.withHandle(handle -> service(handle, organization, name));
    }

    /** The same, as it stays until the caller commits. */
    public Optional<ServiceDefinition> locked(Handle transaction, long organization, String name) {
        OwnServiceStore.lock(transaction, organization);
        return service(transaction, organization, name);
    }

    private Optional<ServiceDefinition> service(Handle handle, long organization, String name) {
        return OwnServiceStore.find(handle, organization, name)
                .map(OwnService::definition)
                .or(() -> offered.service(name));
    }

    /** Whether everybody can integrate a service of that name. */
    boolean isOffered(String name) {
        return offered.service(name).isPresent();
    }
}
