package io.webhookdb.controlplane.api.integrations;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.api.auth.Tokens;
import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Step;
import io.webhookdb.controlplane.api.organizations.Member;
import io.webhookdb.controlplane.api.organizations.Migrations;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.api.provisioned.Provisioned;
import io.webhookdb.controlplane.api.services.OrganizationCatalog;
import io.webhookdb.controlplane.database.ControlDocuments;
import io.webhookdb.controlplane.database.Ended;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.control.IntegrationControl.Deletion;
import io.webhookdb.schemas.fetch.BackfillCriteria;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What can be done with integrations. */
final class Integrations {
    private static final int NAME_TRIES = 20;

    private final Jdbi jdbi;
    private final OrganizationCatalog catalog;
    private final IntegrationSecrets secrets;
    private final Provisioned provisioned;
    private final Backfills backfills;
    private final SetupConversation conversation;

    Integrations(
            Jdbi jdbi,
            OrganizationCatalog catalog,
            IntegrationSecrets secrets,
            Provisioned provisioned,
            Backfills backfills,
            SetupConversation conversation) {
        this.jdbi = jdbi;
        this.catalog = catalog;
        this.secrets = secrets;
        this.provisioned = provisioned;
        this.backfills = backfills;
        this.conversation = conversation;
    }

    List<Integration> all(Organization organization) {
        return jdbi.withHandle(
                handle -> IntegrationStore.ofOrganization(handle, organization.id()));
    }

    /**
     * The integration of that opaque id, service name or table name.
     *
     * @throws ApiException 403 if there is none, 409 if there are several
     */
    Integration one(Organization organization, String identifier) {
        return new IntegrationDirectory(jdbi).one(organization, identifier);
    }

    boolean inUse(Organization organization, ServiceDefinition service) {
        return jdbi.withHandle(
                handle -> IntegrationStore.serviceInUse(handle, organization.id(), service.name()));
    }

    /** A new integration and the first step of its setup. */
    Step create(Member creator, ServiceDefinition service) {
        return begun(jdbi.inTransaction(handle -> stored(handle, creator, service)), service);
    }

    /** The same; empty if there is one of the service, also if it is being made just now. */
    Optional<Step> createFirst(Member creator, ServiceDefinition service) {
        long organization = creator.organization().id();
        return jdbi.inTransaction(
                        handle -> {
                            IntegrationStore.lockTables(handle, organization);
                            return IntegrationStore.serviceInUse(
                                            handle, organization, service.name())
                                    ? Optional.<Integration>empty()
                                    : Optional.of(stored(handle, creator, service));
                        })
                .map(created -> begun(created, service));
    }

    private Integration stored(Handle handle, Member creator, ServiceDefinition service) {
        ServiceDefinition newest =
                catalog.locked(handle, creator.organization().id(), service.name()).orElse(service);
        for (int i = 0; i < NAME_TRIES; i++) {
            Optional<Integration> tried =
                    IntegrationStore.create(
                            handle, creator.organization().id(), creator.customer().id(), newest);
            if (tried.isPresent()) {
                return tried.get();
            }
        }
        throw new IllegalStateException("No free table name for " + service.name());
    }

    private Step begun(Integration created, ServiceDefinition service) {
        Step first = conversation.begin(created);
        if (service.supportsBackfill() && conversation.isSetUp(created)) {
            backfills.order(created, Extent.INCREMENTAL, Children.INCLUDED);
        }
        return first;
    }

    /**
     * What a backfill is to be restricted to.
     *
     * @throws ApiException 400 naming what it cannot be restricted by, 409 if it cannot be fetched
     */
    BackfillCriteria criteria(Integration integration, JsonNode criteria) {
        conversation.backfillable(integration);
        try {
            return BackfillCriteria.of(criteria, conversation.definition(integration));
        } catch (IllegalArgumentException e) {
            throw ApiException.validation("criteria", e.getMessage());
        }
    }

    /** Waits for what was just made and has the first be fetched, with all that depends on it. */
    String fetched(List<Integration> made) {
        String note = "";
        for (Integration each : made) {
            note = provisioned.awaitIntegration(each.id()).note();
        }
        Integration root = made.get(0);
        ServiceDefinition service = conversation.definition(root);
        if (service.supportsBackfill() && conversation.isSetUp(root)) {
            return backfills.order(root, Extent.INCREMENTAL, Children.INCLUDED).note();
        }
        return note;
    }

    /** Has the vendor send its webhooks here; the note for people. */
    Integration.View register(Integration integration, Registrations registrations) {
        ServiceDefinition service = conversation.definition(integration);
        if (service.registration() != null) {
            conversation.requireBackfillSetUp(integration);
        }
        return integration.view(registrations.register(integration, service));
    }

    /** A new API key; the old one ends. */
    String rollApiKey(Integration integration) {
        String key = "sk/" + integration.opaqueId() + "/" + Tokens.random();
        String encrypted = secrets.encryptedApiKey(integration.opaqueId(), key);
        jdbi.useHandle(
                handle ->
                        IntegrationStore.storeApiKey(
                                handle, integration.id(), encrypted, Tokens.sha256(key)));
        return key;
    }

    /** What came in over seven days. */
    IntegrationStats stats(Integration integration) {
        return jdbi.withHandle(
                handle -> IntegrationMinutes.lastSevenDays(handle, integration.opaqueId()));
    }

    /**
     * Gives the table another name, while writing goes on.
     *
     * @throws ApiException 400 if something else has that name, or is to have it
     */
    Integration.View renameTable(Organization organization, Integration integration, String name) {
        if (!jdbi.inTransaction(
                handle -> IntegrationStore.renameTable(handle, integration, name))) {
            throw tableExists(organization, name);
        }
        String note = provisioned.awaitIntegration(integration.id()).note();
        Integration renamed = one(organization, integration.opaqueId());
        if (!renamed.table().equals(name)) {
            // The database has something of that name which is no integration's.
            throw tableExists(organization, name);
        }
        return renamed.view(
                "The table of " + renamed.opaqueId() + " is now called " + name + "." + note);
    }

    /** Changes what becomes of rows deleted at the vendor. */
    Integration.View changeDeletion(Integration integration, Deletion deletion) {
        jdbi.useTransaction(
                handle -> {
                    Migrations.requireNone(handle, integration.organization());
                    IntegrationStore.storeDeletion(handle, integration.id(), deletion);
                });
        String note = provisioned.awaitIntegration(integration.id()).note();
        String what =
                switch (deletion) {
                    case TOMBSTONE -> "stay in the table, with _deleted_at set.";
                    case HARD -> "leave the table.";
                };
        return integration.view(
                "Rows of "
                        + integration.opaqueId()
                        + " that are deleted at the vendor from now on "
                        + what
                        + note);
    }

    /**
     * Changes how often the vendor is asked unasked.
     *
     * @param seconds 0 for never, empty for what the catalogue says
     */
    Integration.View changePolling(Integration integration, Optional<Long> seconds) {
        conversation.backfillable(integration);
        jdbi.useTransaction(
                handle -> IntegrationStore.storePolling(handle, integration.id(), seconds));
        String note = provisioned.awaitIntegration(integration.id()).note();
        return integration.view(
                integration.opaqueId() + " is now polled " + PollPeriod.text(seconds) + "." + note);
    }

    private static ApiException tableExists(Organization organization, String name) {
        return ApiException.invalidInput(
                "There is already a table " + name + " in " + organization.name() + ".");
    }

    /** Ends an integration; its table and all that listened to it go with it. */
    Provisioned.Outcome delete(Integration integration) {
        jdbi.useTransaction(
                handle -> {
                    List<Long> ended =
                            ControlDocuments.deleteOf(
                                    handle, integration.opaqueId(), Ended::record);
                    IntegrationStore.delete(handle, integration.id());
                    ended.forEach(id -> ControlDocuments.list(handle, id));
                });
        return provisioned.awaitIntegration(integration.id());
    }

    ServiceDefinition definition(Integration integration) {
        return conversation.definition(integration);
    }
}
