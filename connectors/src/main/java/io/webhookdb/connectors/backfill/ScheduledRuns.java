package io.webhookdb.connectors.backfill;

import io.webhookdb.connectors.backfill.BackfillDirectory.Known;
import io.webhookdb.schemas.control.IntegrationControl;
import java.util.Optional;

/** Orders what is due by schedule. Called with the account as the current key. */
final class ScheduledRuns {
    private final BackfillDirectory directory;
    private final BackfillState state;
    private final RunKeeper runs;
    private final Host host;

    ScheduledRuns(BackfillDirectory directory, BackfillState state, RunKeeper runs, Host host) {
        this.directory = directory;
        this.state = state;
        this.runs = runs;
        this.host = host;
    }

    /** Orders what is due of an account, and has it looked at again when more will be. */
    void order(Account account) throws Exception {
        for (String id : account.planned) {
            Optional<Known> known = directory.find(id);
            Optional<Schedules.Plan> plan =
                    // What is only pushed has a place for the runs of those that depend on it.
                    known.filter(one -> one.backfill() != null)
                            .flatMap(one -> Schedules.plan(one.integration(), one.backfill()));
            if (plan.isPresent()
                    && (known.get().backfill().derived() != null
                            || known.get().access().missing(known.get().backfill()).isEmpty())) {
                order(account, known.get().integration(), plan.get());
            }
        }
    }

    private void order(Account account, IntegrationControl integration, Schedules.Plan plan)
            throws Exception {
        long now = host.now();
        IntegrationNote note = account.integration(integration.id());
        long due = note.nextAtMillis();
        if (due == 0 || due > now + plan.periodMillis()) {
            due = Schedules.first(integration.id(), plan.periodMillis(), now);
            note(account, integration, note.next(due));
        }
        if (due <= now) {
            String id = "sch_" + integration.id();
            if (!account.orders.containsKey(id)) {
                runs.orders()
                        .order(
                                account,
                                OrderState.of(
                                        id,
                                        integration.organization(),
                                        integration.id(),
                                        plan.extent(),
                                        plan.children()));
            }
            due = Schedules.next(integration.id(), due, plan.periodMillis(), now);
            note(account, integration, account.integration(integration.id()).next(due));
        }
        host.wake(account, due);
    }

    private void note(Account account, IntegrationControl integration, IntegrationNote note)
            throws Exception {
        account.integrations.put(integration.id(), note);
        state.put(integration.id(), note);
    }
}
