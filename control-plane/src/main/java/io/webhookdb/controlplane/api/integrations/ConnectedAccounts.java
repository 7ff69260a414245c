package io.webhookdb.controlplane.api.integrations;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.install.Claims;
import io.webhookdb.controlplane.api.install.Claims.Claimed;
import io.webhookdb.controlplane.api.install.InstallSettings;
import io.webhookdb.controlplane.api.organizations.Member;
import io.webhookdb.controlplane.api.services.OrganizationCatalog;
import io.webhookdb.schemas.catalog.OAuthConnection;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Makes the integrations of an account that a person connected by consent. */
final class ConnectedAccounts {
    private static final int NAME_TRIES = 20;

    private final Jdbi jdbi;
    private final OrganizationCatalog catalog;
    private final InstallSettings settings;
    private final IntegrationSecrets secrets;

    ConnectedAccounts(
            Jdbi jdbi,
            OrganizationCatalog catalog,
            InstallSettings settings,
            IntegrationSecrets secrets) {
        this.jdbi = jdbi;
        this.catalog = catalog;
        this.settings = settings;
        this.secrets = secrets;
    }

    /**
     * Makes the root and all that depends on it and is not there yet, the root first.
     *
     * @throws ApiException 400 if the claim is unknown, used or too old
     */
    List<Integration> claim(Member admin, ServiceDefinition root, String claim) {
        return jdbi.inTransaction(
                handle -> {
                    Claimed claimed =
                            Claims.take(handle, root.name(), claim)
                                    .orElseThrow(
                                            () ->
                                                    ApiException.validation(
                                                            "claim",
                                                            "is unknown, used, or older than an"
                                                                    + " hour; connect again"));
                    List<Integration> made = new ArrayList<>();
                    made.add(root(handle, admin, root, claimed));
                    for (String name : root.connection().creates()) {
                        dependent(handle, admin, name, made).ifPresent(made::add);
                    }
                    return made;
                });
    }

    private Integration root(Handle handle, Member admin, ServiceDefinition root, Claimed claimed) {
        Integration made = create(handle, admin, root, claimed.integration());
        OAuthConnection connection = root.connection();
        IntegrationStore.store(handle, made.id(), connection.tokenField(), claimed.sealed());
        IntegrationStore.store(handle, made.id(), connection.accountField(), claimed.account());
        InstallSettings.App app = settings.apps().get(root.vendor());
        Optional<String> signing = app == null ? Optional.empty() : app.webhookSecret();
        if (signing.isPresent()) {
            IntegrationStore.store(
                    handle,
                    made.id(),
                    StoredField.WEBHOOK_SECRET,
                    secrets.stored(made.opaqueId(), StoredField.WEBHOOK_SECRET, signing.get()));
        }
        return IntegrationStore.find(handle, admin.organization().id(), made.opaqueId()).get(0);
    }

    private Optional<Integration> dependent(
            Handle handle, Member admin, String name, List<Integration> made) {
        long organization = admin.organization().id();
        return IntegrationStore.serviceInUse(handle, organization, name)
                ? Optional.empty()
                : catalog.service(organization, name)
                        .map(service -> dependent(handle, admin, service, made));
    }

    private static Integration dependent(
            Handle handle, Member admin, ServiceDefinition service, List<Integration> made) {
        Integration created = create(handle, admin, service, IntegrationIds.opaqueId());
        return made.stream()
                .filter(other -> other.service().equals(service.parent()))
                .findFirst()
                .flatMap(other -> IntegrationStore.dependOn(handle, created.id(), other.id()))
                .orElse(created);
    }

    private static Integration create(
            Handle handle, Member admin, ServiceDefinition service, String opaqueId) {
        for (int i = 0; i < NAME_TRIES; i++) {
            Optional<Integration> made =
                    IntegrationStore.create(
                            handle,
                            admin.organization().id(),
                            admin.customer().id(),
                            service,
                            opaqueId);
            if (made.isPresent()) {
                return made.get();
            }
        }
        throw new IllegalStateException("No free table name for " + service.name());
    }
}
