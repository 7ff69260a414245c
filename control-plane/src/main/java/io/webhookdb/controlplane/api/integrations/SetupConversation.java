package io.webhookdb.controlplane.api.integrations;

import com.google.re2j.Pattern;
import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Step;
import io.webhookdb.controlplane.api.integrations.SetupMachine.Mode;
import io.webhookdb.controlplane.api.integrations.SetupMachine.Turn;
import io.webhookdb.controlplane.api.provisioned.Entities;
import io.webhookdb.controlplane.api.provisioned.Provisioned;
import io.webhookdb.controlplane.api.services.OrganizationCatalog;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Setup.Prompt;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import io.webhookdb.schemas.control.BackfillControl;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * The conversation by which an integration learns what it needs: each answer is stored and brings
 * the next question. {@link SetupMachine} says which.
 */
final class SetupConversation {
    /** Blank answers in a row after which a conversation ends: nobody is at the terminal. */
    static final int BLANK_ANSWERS = 10;

    private static final String VALUE = "value";

    private final Jdbi jdbi;
    private final OrganizationCatalog catalog;
    private final IntegrationSecrets secrets;
    private final Endpoints endpoints;
    private final Provisioned provisioned;
    private final Backfills backfills;

    SetupConversation(
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

    /** The first step for an integration that was just made. */
    Step begin(Integration integration) {
        awaitSecret(integration, definition(integration));
        return settled(integration, step(integration, Turn.FIRST));
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

    /**
     * How it is said what fetching needs.
     *
     * @throws ApiException 409 if it cannot be fetched
     */
    SetupMachine backfillable(Integration integration) {
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

    /** Whether everything a backfill needs is stored. */
    boolean isSetUp(Integration integration) {
        return isSetUp(new SetupMachine(definition(integration)), integration);
    }

    private boolean isSetUp(SetupMachine machine, Integration integration) {
        return machine.step(Mode.BACKFILL, Turn.LATER, integration, endpoints).complete();
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
}
