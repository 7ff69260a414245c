package io.webhookdb.controlplane.api.onward;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.integrations.Integration;
import io.webhookdb.controlplane.api.integrations.IntegrationDirectory;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.api.services.OrganizationCatalog;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.change.ChangeFilter;
import io.webhookdb.schemas.change.ColumnCondition;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which columns what is sent onward can be chosen by. */
final class ColumnNames {
    private final OrganizationCatalog catalog;
    private final IntegrationDirectory integrations;

    ColumnNames(OrganizationCatalog catalog, IntegrationDirectory integrations) {
        this.catalog = catalog;
        this.integrations = integrations;
    }

    /**
     * The services of an integration, or of all an organization has.
     *
     * @param integration null for all
     */
    List<ServiceDefinition> services(Organization organization, Integration integration) {
        Collection<Integration> concerned =
                integration == null
                        ? integrations.all(organization).values()
                        : List.of(integration);
        return concerned.stream()
                .map(Integration::service)
                .distinct()
                .map(service -> catalog.service(organization.id(), service))
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * Refuses a filter that would let nothing pass because of a misspelt column. One of all of an
     * organization's tables may name columns of tables that are yet to come.
     *
     * @param integration null for all
     * @throws ApiException 400 of the field to blame, if the request gives it
     */
    void check(
            Request request,
            Organization organization,
            Integration integration,
            ChangeFilter filter) {
        if (integration == null) {
            return;
        }
        List<ServiceDefinition> services = services(organization, integration);
        if (services.isEmpty()) {
            return;
        }
        if (request.present(SubscriptionFields.CHANGED)) {
            refuseUnknown(SubscriptionFields.CHANGED, filter.changedColumns(), services);
        }
        if (request.present(SubscriptionFields.WHERE)) {
            refuseUnknown(
                    SubscriptionFields.WHERE,
                    filter.where().stream().map(ColumnCondition::column).toList(),
                    services);
        }
    }

    /**
     * @throws ApiException 400 of the field if one of the names is a column of none of the services
     */
    static void refuseUnknown(String field, List<String> names, List<ServiceDefinition> services) {
        Set<String> columns = new TreeSet<>();
        for (ServiceDefinition service : services) {
            columns.add(service.key().column());
            service.columns().stream().map(Column::name).forEach(columns::add);
        }
        for (String name : names) {
            if (!columns.contains(name)) {
                throw ApiException.validation(
                        field,
                        "names "
                                + name
                                + ", which is no column there. Allowed: "
                                + String.join(", ", columns));
            }
        }
    }
}
