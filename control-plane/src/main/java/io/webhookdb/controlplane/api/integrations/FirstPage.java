package io.webhookdb.controlplane.api.integrations;

import io.webhookdb.controlplane.api.http.Step;
import io.webhookdb.controlplane.api.integrations.SetupMachine.Mode;
import io.webhookdb.controlplane.api.provisioned.Provisioned;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;

/**
 * Tries what was entered for fetching. Only the job can open credentials, so it is the job's first
 * page that tells: where the vendor refuses it, what was entered is forgotten and asked for again.
 * Where there is no page in time, or no connection to the vendor, what was entered stays.
 */
final class FirstPage {
    private final Jdbi jdbi;
    private final SetupConversation conversation;
    private final Backfills backfills;
    private final Provisioned waiting;

    /**
     * @param waiting for as long as a person waits for a first page
     */
    FirstPage(Jdbi jdbi, SetupConversation conversation, Backfills backfills, Provisioned waiting) {
        this.jdbi = jdbi;
        this.conversation = conversation;
        this.backfills = backfills;
        this.waiting = waiting;
    }

    /**
     * A turn of the conversation; if it ordered a backfill whose first page is refused, another.
     */
    Step tried(Integration integration, Supplier<Step> turn) {
        Optional<String> before = backfills.newest(integration).map(BackfillRun::id);
        Step next = turn.get();
        Optional<BackfillRun> ordered =
                backfills
                        .newest(integration)
                        .filter(run -> before.isEmpty() || !before.get().equals(run.id()));
        if (!next.complete() || ordered.isEmpty()) {
            return next;
        }
        String id = ordered.get().id();
        waiting.await(
                () ->
                        backfills
                                .find(integration, id)
                                .filter(BackfillRun::hasMetVendor)
                                .isPresent());
        return backfills
                .find(integration, id)
                .filter(BackfillRun::wasRefused)
                .map(refused -> again(integration, refused, next))
                .orElse(next);
    }

    private Step again(Integration integration, BackfillRun refused, Step done) {
        Set<StoredField> asked =
                new SetupMachine(conversation.definition(integration)).asked(Mode.BACKFILL);
        String told = "That did not work: " + refused.failure();
        if (asked.isEmpty()) {
            return done.withOutput(done.output() + "\n\n" + told);
        }
        Integration cleared =
                jdbi.inTransaction(
                        handle -> {
                            Integration last = integration;
                            for (StoredField field : asked) {
                                last =
                                        IntegrationStore.store(
                                                handle, integration.id(), field, null);
                            }
                            return last;
                        });
        return conversation
                .backfill(cleared, Extent.INCREMENTAL)
                .withOutput(told + "\nNothing of it is stored. Try again.");
    }
}
