package io.webhookdb.connectors.backfill;

import io.webhookdb.connectors.backfill.BackfillDirectory.Known;
import io.webhookdb.connectors.backfill.PageWork.Item;
import io.webhookdb.connectors.backfill.PageWork.Listed;
import io.webhookdb.connectors.backfill.PageWork.Ready;
import io.webhookdb.connectors.backfill.RunState.Active;
import io.webhookdb.connectors.backfill.RunState.Phase;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.fetch.FetchOrder;
import io.webhookdb.schemas.status.BackfillProgress.State;
import io.webhookdb.security.keyset.SecretSealer;
import java.util.List;
import java.util.Optional;

/**
 * Moves the runs of an account on: what may be asked now, and what becomes of an answer. Called
 * with the account as the current key; never blocks.
 */
final class RunKeeper {
    private final BackfillDirectory directory;
    private final BackfillState state;
    private final Host host;
    private final RunStart start;
    private final RunFailures failures;
    private final ListingWork listings;
    private final TableWork tables;
    private final Orders orders;
    private final OwnerWork owners;
    private final RowOrders rowOrders;
    private final ChannelWork channels;
    private final OwnerNotes notes;
    private final OwnerRemoval removal;
    private final Amendments amendments;

    RunKeeper(
            BackfillSettings settings,
            BackfillDirectory directory,
            BackfillState state,
            Host host,
            TableRows rows,
            SecretSealer sealer) {
        this.directory = directory;
        this.state = state;
        this.host = host;
        this.orders = new Orders(state, host);
        this.start = new RunStart(state, host);
        this.failures = new RunFailures(settings, state, host);
        this.owners = new OwnerWork(directory, state, host, rows);
        this.amendments = new Amendments(directory, state, host, rows);
        this.notes = new OwnerNotes(directory, state, host, sealer, amendments);
        this.removal = new OwnerRemoval(settings, directory, state, host, rows);
        this.channels = new ChannelWork(settings, directory, state, host, amendments);
        this.rowOrders = new RowOrders(directory, state, host, owners, channels, notes);
        this.listings = new ListingWork(settings, directory, state, host, rows, owners);
        this.tables = new TableWork(settings, directory, state, host, rows, owners);
    }

    /** The orders that this keeper's runs belong to. */
    Orders orders() {
        return orders;
    }

    /** Fetches one resource that an event named, or what depends on a row that came. */
    void fetch(Account account, FetchOrder named) throws Exception {
        if (!rowOrders.takes(account, named)) {
            orders.fetch(account, named);
        }
    }

    /** Starts whatever may start now, and has the account looked at again when more may. */
    void pump(Account account) throws Exception {
        for (RunState run : List.copyOf(account.runs.values())) {
            if (account.runs.get(run.id) == run && !account.mustWait(run)) {
                try {
                    advance(account, run);
                } catch (ApiException e) {
                    failed(account, run, null, e);
                }
            }
        }
        channels.pump(account);
        removal.pump(account);
        amendments.pump(account);
    }

    /** A vendor has handed out another credential of an owner. */
    void renewed(Account account, AccessGrant grant, String token) throws Exception {
        notes.renewed(account, grant, token);
    }

    private void advance(Account account, RunState run) throws Exception {
        if (directory.isGone(run.integration)) {
            orders.end(account, run, State.CANCELLED, run.integration + " is deleted.");
            return;
        }
        Optional<Known> found = directory.find(run.integration);
        if (found.isEmpty()) {
            return;
        }
        Known known = found.get();
        if (known.backfill() == null
                && (known.service().routes() != null || known.service().owners() != null)) {
            // Nothing is listed of a root, only of what depends on it.
            if (account.orders.get(run.order).ofRows
                    && (run.reading
                            || RowOrders.mustWait(account, run)
                            || !rowOrders.handOn(account, run, known))) {
                return;
            }
            run.begunAtMicros = host.now() * 1000;
            finish(account, account.orders.get(run.order), run, known);
            return;
        }
        RunStart.check(known);
        OrderState order = account.orders.get(run.order);
        if (run.phase == Phase.WAITING) {
            start.begin(account, order, run, known);
        }
        long now = host.now();
        if (run.waitUntilMillis > now) {
            host.wake(account, run.waitUntilMillis);
            return;
        }
        tables.advance(account, order, run, known);
        listings.list(account, order, run, known, now);
        if (run.phase == Phase.LISTINGS && !run.hasListings() && !run.reading) {
            complete(account, order, run, known);
        } else if (run.phase == Phase.MISSING && run.missingTold && !run.reading) {
            finish(account, order, run, known);
        }
    }

    /** A request was answered; {@code ready} is null while its page is not whole. */
    void answered(Account account, RunState run, Active active, Ready ready, ApiAnswer answer)
            throws Exception {
        if (!isOpen(account, run, active)) {
            return;
        }
        ParentRow row = run.row(active);
        long now = host.now();
        long quiet = AnswerJudge.RateHeaders.quietUntil(answer).toEpochMilli();
        if (quiet > now) {
            account.note = account.note.quiet(quiet);
            state.put(account.note);
        }
        run.failures = 0;
        if (ready == null) {
            return;
        }
        Known known = directory.find(run.integration).orElse(null);
        if (OwnerNotes.isGone(account, known, row)) {
            run.replace(active, null);
            state.put(run);
            return;
        }
        OrderState order = account.orders.get(run.order);
        OwnerNote owner = OwnerNotes.of(account, known, row);
        host.emit(order, from(ready.items(), owner), ready.startedAt());
        for (Listed listed : ready.listed()) {
            state.list(listed.run(), listed.parent());
        }
        for (String key : ready.keys()) {
            state.see(run.id, key);
        }
        if (ready.after() == null) {
            owners.listed(order, run, row);
            channels.listed(account, run, row);
        }
        run.replace(active, ready.after());
        order.pages++;
        order.items += ready.count();
        order.pagesExpected = ready.pages();
        order.waiting = null;
        Reports.count(order, ready.count(), now);
        state.put(run);
        if (order.state != State.RUNNING || Reports.isDue(order, now)) {
            order.state = State.RUNNING;
            host.report(Reports.of(order, now));
        }
        state.put(order);
    }

    private static List<Item> from(List<Item> items, OwnerNote owner) {
        Long floor = owner == null ? null : owner.floorMicros();
        return floor == null ? items : items.stream().map(item -> item.from(floor)).toList();
    }

    /** A request brought nothing. */
    void refused(Account account, RunState run, Active active, Host.Task task, ApiException why)
            throws Exception {
        if (isOpen(account, run, active)) {
            if (task.visits() == null && OwnerWork.isOfOne(active, why)) {
                owners.passOver(account.orders.get(run.order), run, active, task.access(), why);
            } else if (task.visits() == null) {
                failed(account, run, task.access(), why);
            } else {
                OrderState order = account.orders.get(run.order);
                listings.passedOver(account, order, run, active, task.visits(), why);
            }
        }
    }

    /** Whether anybody still wants what comes. */
    private static boolean isOpen(Account account, RunState run, Active active) {
        active.onTheWay = false;
        account.onTheWay--;
        return account.runs.get(run.id) == run;
    }

    /** A run cannot go on: for a while, or at all. */
    void failed(Account account, RunState run, Access access, ApiException why) throws Exception {
        Optional<String> end = failures.met(account, run, access, why);
        if (end.isPresent()) {
            orders.fail(
                    account,
                    run,
                    end.get(),
                    access == null ? null : access.withoutSecrets(why.request()));
        }
    }

    private void complete(Account account, OrderState order, RunState run, Known known)
            throws Exception {
        if (run.single) {
            orders.end(account, run, State.FINISHED, null);
            return;
        }
        if (!order.isRestricted()
                && !run.incomplete
                && known.backfill().missing() != null
                && run.watermarkMicros == null
                && !Visits.are(known.backfill())) {
            run.phase = Phase.MISSING;
            run.afterPk = 0;
            state.put(run);
            tables.advance(account, order, run, known);
            return;
        }
        finish(account, order, run, known);
    }

    /** Everything there is was let out. */
    private void finish(Account account, OrderState order, RunState run, Known known)
            throws Exception {
        if (!order.isRestricted()) {
            IntegrationNote note =
                    account.integration(run.integration)
                            .complete(run.begunAtMicros, known.integration().epoch());
            account.integrations.put(run.integration, note);
            state.put(run.integration, note);
        }
        if (order.children == Children.INCLUDED) {
            for (IntegrationControl child : directory.children(known.integration())) {
                orders.run(account, order, child.id());
            }
        }
        orders.end(account, run, State.FINISHED, null);
        pump(account);
    }
}
