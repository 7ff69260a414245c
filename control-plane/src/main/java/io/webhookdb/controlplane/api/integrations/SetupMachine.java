package io.webhookdb.controlplane.api.integrations;

import io.webhookdb.controlplane.api.http.Question;
import io.webhookdb.controlplane.api.http.Step;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Setup;
import io.webhookdb.schemas.catalog.Setup.Prompt;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The conversation that sets up an integration: which question comes next, given what is stored.
 * Pure.
 */
final class SetupMachine {
    /** The field that takes the number of the integration to depend on. */
    static final String DEPENDENCY_FIELD = "dependency_choice";

    private static final Question DEPENDENCY =
            Question.pasteOrType("the number of the integration it depends on (1 if left blank)");
    private static final String ENDPOINT = "{endpoint}";

    private final ServiceDefinition service;

    SetupMachine(ServiceDefinition service) {
        this.service = service;
    }

    /** The two conversations. */
    enum Mode {
        WEBHOOK,
        BACKFILL
    }

    /** Where a conversation stands: its first turn brings the service's instructions. */
    enum Turn {
        FIRST,
        LATER
    }

    /** Webhooks where the service has them, else backfill. */
    Mode preferred() {
        return service.supportsWebhooks() ? Mode.WEBHOOK : Mode.BACKFILL;
    }

    /** The conversation an answer to this field belongs to, within what the service supports. */
    Mode modeOf(String field) {
        boolean webhook =
                field.equals(StoredFields.word(StoredField.WEBHOOK_SECRET))
                        || prompts(Mode.WEBHOOK).anyMatch(prompt -> prompt.field().equals(field));
        if (webhook) {
            return preferred();
        }
        return service.supportsBackfill() ? Mode.BACKFILL : Mode.WEBHOOK;
    }

    /** The question of that name, in either conversation. */
    Optional<Prompt> prompt(String field) {
        return Stream.concat(prompts(Mode.WEBHOOK), prompts(Mode.BACKFILL))
                .filter(prompt -> prompt.field().equals(field))
                .findFirst();
    }

    /** What is asked in a conversation. */
    Set<StoredField> asked(Mode mode) {
        return prompts(mode).map(Prompt::stored).collect(Collectors.toSet());
    }

    /** What a reset forgets: all of it, unless the other conversation has fields of its own. */
    Set<StoredField> forgottenByReset() {
        return service.supportsWebhooks() && service.supportsBackfill()
                ? EnumSet.of(StoredField.WEBHOOK_SECRET)
                : EnumSet.allOf(StoredField.class);
    }

    /** What a reset of the backfill forgets. */
    Set<StoredField> forgottenByBackfillReset() {
        return service.supportsWebhooks() && service.supportsBackfill()
                ? EnumSet.complementOf(EnumSet.of(StoredField.WEBHOOK_SECRET))
                : EnumSet.allOf(StoredField.class);
    }

    /** The next question, or the end. */
    Step step(Mode mode, Turn turn, Integration integration, Endpoints endpoints) {
        String instructions = turn == Turn.FIRST ? instructions(mode, integration, endpoints) : "";
        if (service.parent() != null && integration.dependsOn().isEmpty()) {
            return Step.ask(
                    DEPENDENCY, endpoints.transition(integration, DEPENDENCY_FIELD), instructions);
        }
        return prompts(mode)
                .filter(prompt -> !integration.has(prompt.stored()))
                .findFirst()
                .map(prompt -> ask(prompt, integration, endpoints, instructions))
                .orElseGet(() -> told(done(mode, integration, endpoints), mode, instructions));
    }

    /** Where nothing is asked the instructions come with the end. */
    private Step told(Step done, Mode mode, String instructions) {
        return instructions.isEmpty() || prompts(mode).findAny().isPresent()
                ? done
                : done.withOutput(instructions + "\n\n" + done.output());
    }

    private static Step ask(
            Prompt prompt, Integration integration, Endpoints endpoints, String instructions) {
        String help = text(prompt.help(), integration, endpoints);
        String output =
                Stream.of(instructions, help)
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining("\n\n"));
        Question question =
                prompt.echo() == Setup.Echo.HIDDEN
                        ? new Question.Hidden(prompt.question())
                        : new Question.Shown(prompt.question());
        return Step.ask(question, endpoints.transition(integration, prompt.field()), output);
    }

    private Step done(Mode mode, Integration integration, Endpoints endpoints) {
        String query =
                "Query the table "
                        + integration.table()
                        + " in your database:\n\n"
                        + "  webhookdb db sql \"SELECT * FROM "
                        + integration.table()
                        + "\"\n\nor connect any Postgres client to the address that `webhookdb db"
                        + " connection` prints.";
        if (mode == Mode.BACKFILL) {
            return Step.complete(
                    "Everything needed to fetch "
                            + service.plural()
                            + " is stored.\n\n"
                            + query
                            + registration(integration));
        }
        String listening =
                "WebhookDB is now listening for "
                        + service.plural()
                        + " at\n\n  "
                        + endpoints.ingest(integration)
                        + "\n\n";
        String backfill =
                service.supportsBackfill()
                        ? "\n\nTo fetch what already exists, run `webhookdb backfill "
                                + integration.opaqueId()
                                + "`."
                        : "";
        return Step.complete(listening + query + backfill);
    }

    /** With these credentials webhooks can be registered, too. */
    private String registration(Integration integration) {
        return service.registration() == null || integration.has(StoredField.WEBHOOK_SECRET)
                ? ""
                : "\n\nTo have "
                        + service.vendorName()
                        + " send its webhooks as well, run `webhookdb integrations register "
                        + integration.opaqueId()
                        + "`.";
    }

    private String instructions(Mode mode, Integration integration, Endpoints endpoints) {
        return conversation(mode)
                .map(talk -> text(talk.instructions(), integration, endpoints))
                .orElse("");
    }

    private static String text(String template, Integration integration, Endpoints endpoints) {
        return template == null
                ? ""
                : template.replace(ENDPOINT, endpoints.ingest(integration)).strip();
    }

    private Stream<Prompt> prompts(Mode mode) {
        return conversation(mode).stream().flatMap(talk -> talk.prompts().stream());
    }

    private Optional<Setup.Conversation> conversation(Mode mode) {
        Setup setup = service.setup();
        if (setup == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(mode == Mode.WEBHOOK ? setup.webhook() : setup.backfill());
    }
}
