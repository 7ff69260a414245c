package io.webhookdb.controlplane.api.integrations;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import io.webhookdb.controlplane.api.auth.Tokens;
import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Step;
import io.webhookdb.controlplane.api.integrations.SetupMachine.Mode;
import io.webhookdb.controlplane.api.integrations.SetupMachine.Turn;
import io.webhookdb.controlplane.api.organizations.Member;
import io.webhookdb.controlplane.api.organizations.Migrations;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.api.provisioned.Entities;
import io.webhookdb.controlplane.api.provisioned.Provisioned;
import io.webhookdb.controlplane.api.services.OrganizationCatalog;
import io.webhookdb.controlplane.database.ControlDocuments;
import io.webhookdb.controlplane.database.Ended;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Setup.Prompt;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import io.webhookdb.schemas.control.BackfillControl;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.control.IntegrationControl.Deletion;
import io.webhookdb.schemas.fetch.BackfillCriteria;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** What can be done with integrations. */
final class Integrations {
    /** Blank answers in a row after which a conversation ends: nobody is at the terminal. */
    static final int BLANK_ANSWERS = 10;

    private static final int NAME_TRIES = 20;
    private static final String VALUE = "value";

    private final Jdbi jdbi;
    private final OrganizationCatalog catalog;
    private final IntegrationSecrets secrets;
    private final Endpoints endpoints;
    private final Provisioned provisioned;
    private final Backfills backfills;

    Integrations(
            Jdbi jdbi,
            OrganizationCatalog catalog,
            IntegrationSecrets secrets,
            Endpoints endpoints,
            Provisioned provisioned,
            Backfills backfills) {
        this.jdbi = jdbi;
        this.catalog = catalog;
        this.secrets = secrets;
        this.endpoints = endpoints;
        this.provisioned = provisioned;
        this.backfills = backfills;
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
        Integration created =
                jdbi.inTransaction(
                        handle -> {
                            ServiceDefinition newest =
                                    catalog.locked(
                                                    handle,
                                                    creator.organization().id(),
                                                    service.name())
                                            .orElse(service);
                            for (int i = 0; i < NAME_TRIES; i++) {
                                Optional<Integration> tried =
                                        IntegrationStore.create(
                                                handle,
                                                creator.organization().id(),
                                                creator.customer().id(),
                                                newest);
                                if (tried.isPresent()) {
                                    return tried.get();
                                }
                            }
                            throw new IllegalStateException(
                                    "No free table name for " + service.name());
                        });
        awaitSecret(created, service);
        Step first = settled(created, step(created, Turn.FIRST));
        SetupMachine machine = new SetupMachine(service);
        if (service.supportsBackfill() && isSetUp(machine, created)) {
            backfills.order(created, Extent.INCREMENTAL, Children.INCLUDED);
        }
        return first;
    }

    /** The step that comes next; a conversation that starts anew. */
    Step setup(Integration integration) {
        jdbi.useHandle(handle -> IntegrationStore.forgetBlankAnswers(handle, integration.id()));
        awaitSecret(integration, definition(integration));
        return step(integration, Turn.FIRST);
    }

    Step reset(Integration integration) {
        SetupMachine machine = new SetupMachine(definition(integration));
        Integration cleared =
                jdbi.inTransaction(
                        handle ->
                                IntegrationStore.clear(
                                        handle, integration.id(), machine.forgottenByReset()));
        awaitSecret(cleared, definition(cleared));
        return settled(cleared, step(cleared, Turn.FIRST));
    }

    /** Where the vendor gives the secret in a handshake, it may do so for a while from now on. */
    private void awaitSecret(Integration integration, ServiceDefinition service) {
        boolean learned =
                service.verification() != null
                        && service.verification().handshakes().stream()
                                .anyMatch(handshake -> handshake.learns() != null);
        if (learned) {
            jdbi.useHandle(handle -> IntegrationStore.awaitSecret(handle, integration.id()));
        }
    }

    /** Nothing to store: the person says that something outside is done. */
    Step proceed(Integration integration) {
        return step(integration, Turn.LATER);
    }

    /**
     * Takes an answer and gives the next step.
     *
     * @throws ApiException 400 if the field is none of the service's, or the answer does not fit
     */
    Step answer(Integration integration, String field, String value) {
        SetupMachine machine = new SetupMachine(definition(integration));
        Optional<Prompt> prompt = machine.prompt(field);
        StoredField stored =
                prompt.map(Prompt::stored)
                        .or(() -> StoredFields.of(field))
                        .orElseThrow(
                                () ->
                                        ApiException.invalidInput(
                                                "Unknown field "
                                                        + field
                                                        + ". Allowed: "
                                                        + StoredFields.words()
                                                        + "."));
        String standard = prompt.map(Prompt::defaultAnswer).orElse(null);
        Integration changed =
                value.isEmpty() && standard == null
                        ? storeBlank(integration, stored)
                        : store(
                                integration,
                                stored,
                                value.isEmpty() ? standard : formatted(prompt, value));
        Mode mode = machine.modeOf(field);
        Step next = settled(changed, machine.step(mode, Turn.LATER, changed, endpoints));
        return mode == Mode.BACKFILL ? ordered(changed, next, Extent.INCREMENTAL) : next;
    }

    /** The conversation about what fetching needs; at its end a backfill is ordered. */
    Step backfill(Integration integration, Extent extent) {
        SetupMachine machine = backfillable(integration);
        jdbi.useHandle(handle -> IntegrationStore.forgetBlankAnswers(handle, integration.id()));
        return ordered(
                integration,
                machine.step(Mode.BACKFILL, Turn.FIRST, integration, endpoints),
                extent);
    }

    /** Forgets what fetching needs and asks anew. */
    Step resetBackfill(Integration integration, Extent extent) {
        SetupMachine machine = backfillable(integration);
        Integration cleared =
                jdbi.inTransaction(
                        handle ->
                                IntegrationStore.clear(
                                        handle,
                                        integration.id(),
                                        machine.forgottenByBackfillReset()));
        return ordered(
                cleared,
                settled(cleared, machine.step(Mode.BACKFILL, Turn.FIRST, cleared, endpoints)),
                extent);
    }

    /**
     * What a backfill is to be restricted to.
     *
     * @throws ApiException 400 naming what it cannot be restricted by, 409 if it cannot be fetched
     */
    BackfillCriteria criteria(Integration integration, JsonNode criteria) {
        backfillable(integration);
        try {
            return BackfillCriteria.of(criteria, definition(integration));
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
        ServiceDefinition service = definition(root);
        if (service.supportsBackfill() && isSetUp(new SetupMachine(service), root)) {
            return backfills.order(root, Extent.INCREMENTAL, Children.INCLUDED).note();
        }
        return note;
    }

    /** Has the vendor send its webhooks here; the note for people. */
    Integration.View register(Integration integration, Registrations registrations) {
        ServiceDefinition service = definition(integration);
        if (service.registration() != null) {
            requireBackfillSetUp(integration);
        }
        return integration.view(registrations.register(integration, service));
    }

    /** 409 unless everything a backfill needs is stored. */
    void requireBackfillSetUp(Integration integration) {
        if (!isSetUp(backfillable(integration), integration)) {
            throw ApiException.of(
                    409,
                    "backfill_not_set_up",
                    integration.service()
                            + " cannot be fetched yet. Run `webhookdb backfill "
                            + integration.opaqueId()
                            + "` to say how.");
        }
    }

    private boolean isSetUp(SetupMachine machine, Integration integration) {
        return machine.step(Mode.BACKFILL, Turn.LATER, integration, endpoints).complete();
    }

    private SetupMachine backfillable(Integration integration) {
        ServiceDefinition service = definition(integration);
        if (!service.supportsBackfill()) {
            throw ApiException.of(
                    409,
                    "backfill_not_supported",
                    service.name()
                            + " cannot be fetched: its rows come by webhook only. Run `webhookdb"
                            + " integrations setup "
                            + integration.opaqueId()
                            + "` to see where the vendor has to send them.");
        }
        return new SetupMachine(service);
    }

    private Step ordered(Integration integration, Step step, Extent extent) {
        if (!step.complete() || !step.errorCode().isEmpty()) {
            return step;
        }
        Entities.Changed<BackfillControl> order =
                backfills.order(integration, extent, Children.INCLUDED);
        return step.withOutput(
                step.output()
                        + "\n\nA backfill is ordered: "
                        + order.document().record().id()
                        + "."
                        + order.note());
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
        backfillable(integration);
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

    private Integration store(Integration integration, StoredField field, String value) {
        return jdbi.inTransaction(
                handle -> {
                    IntegrationStore.forgetBlankAnswers(handle, integration.id());
                    if (field == StoredField.KEY_POINTER) {
                        IntegrationStore.redefine(
                                handle, integration.id(), definition(integration).keyedAt(value));
                    }
                    return IntegrationStore.store(
                            handle,
                            integration.id(),
                            field,
                            secrets.stored(integration.opaqueId(), field, value));
                });
    }

    private Integration storeBlank(Integration integration, StoredField field) {
        int blank =
                jdbi.inTransaction(
                        handle -> IntegrationStore.countBlankAnswer(handle, integration.id()));
        if (blank >= BLANK_ANSWERS) {
            throw ApiException.invalidInput(
                    "No answer was given "
                            + blank
                            + " times. Run `webhookdb integrations setup "
                            + integration.opaqueId()
                            + "` to continue.");
        }
        return jdbi.inTransaction(
                handle -> IntegrationStore.store(handle, integration.id(), field, null));
    }

    private static String formatted(Optional<Prompt> prompt, String value) {
        if (prompt.isEmpty()) {
            return value;
        }
        String pattern = prompt.get().pattern();
        if (pattern != null && !Pattern.matches(pattern, value)) {
            String hint = prompt.get().patternHint();
            throw ApiException.validation(
                    VALUE,
                    "must match " + pattern,
                    hint == null ? "That cannot be right: it must match " + pattern + "." : hint);
        }
        String format = prompt.get().format();
        return format == null ? value : format.replace("{value}", value);
    }

    private Step step(Integration integration, Turn turn) {
        SetupMachine machine = new SetupMachine(definition(integration));
        return machine.step(machine.preferred(), turn, integration, endpoints);
    }

    private Step settled(Integration integration, Step step) {
        return step.withOutput(
                step.output() + provisioned.awaitIntegration(integration.id()).note());
    }

    ServiceDefinition definition(Integration integration) {
        return catalog.service(integration.organization(), integration.service())
                .orElseThrow(
                        () ->
                                ApiException.of(
                                        409,
                                        "invalid_service",
                                        "This server does not know the service "
                                                + integration.service()
                                                + " any more."));
    }
}
