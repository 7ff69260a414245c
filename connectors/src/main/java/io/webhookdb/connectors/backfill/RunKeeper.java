package io.webhookdb.connectors.backfill;

import io.webhookdb.connectors.backfill.BackfillDirectory.Known;
import io.webhookdb.connectors.backfill.Host.Task;
import io.webhookdb.connectors.backfill.PageWork.Child;
import io.webhookdb.connectors.backfill.PageWork.Derived;
import io.webhookdb.connectors.backfill.PageWork.Listed;
import io.webhookdb.connectors.backfill.PageWork.Ready;
import io.webhookdb.connectors.backfill.RunState.Active;
import io.webhookdb.connectors.backfill.RunState.Phase;
import io.webhookdb.schemas.catalog.Backfill;
import io.webhookdb.schemas.catalog.BackfillIncremental;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.fetch.FetchOrder;
import io.webhookdb.schemas.status.BackfillProgress.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Moves the runs of an account on: what may be asked now, and what becomes of an answer. Called
 * with the account as the current key; never blocks.
 */
final class RunKeeper {
    private static final Duration UNTOLD_WAIT = Duration.ofSeconds(30);
    private static final int MOST_UNREADABLE = 4;

    /** What a fetched object may be older than its request; see the version rule of the rows. */
    private static final long STALENESS_MICROS = 5_000_000;

    private final BackfillSettings settings;
    private final BackfillDirectory directory;
    private final BackfillState state;
    private final Host host;
    private final TableWork tables;

    RunKeeper(
            BackfillSettings settings,
            BackfillDirectory directory,
            BackfillState state,
            Host host,
            TableRows rows) {
        this.settings = settings;
        this.directory = directory;
        this.state = state;
        this.host = host;
        this.tables = new TableWork(settings, directory, state, host, rows);
    }

    /** Takes an order; its run begins when nothing is before it. */
    void order(Account account, OrderState order) throws Exception {
        account.orders.put(order.id, order);
        run(account, order, order.integration);
        host.report(Reports.of(order, host.now()));
    }

    private void run(Account account, OrderState order, String integration) throws Exception {
        RunState run = RunState.of(order, integration, order.extent);
        order.openRuns++;
        account.runs.put(run.id, run);
        state.put(run);
        state.put(order);
    }

    /** Fetches one resource that an event named, with others of its integration. */
    void fetch(Account account, FetchOrder named) throws Exception {
        String id = "fetch_" + named.integration();
        OrderState order = account.orders.get(id);
        if (order == null) {
            order =
                    OrderState.of(
                            id,
                            named.organization(),
                            named.integration(),
                            Extent.FULL,
                            Children.LEFT_OUT);
            account.orders.put(id, order);
            run(account, order, named.integration());
        }
        RunState run = account.runs.get(id + "/" + named.integration());
        run.single = true;
        ParentRow reference = new ParentRow(named.reference(), Map.of());
        if (!run.parents.contains(reference)) {
            run.parents.add(reference);
            state.put(run);
        }
    }

    /** Ends an order early. */
    void cancel(Account account, OrderState order) throws Exception {
        for (RunState run : List.copyOf(account.runs.values())) {
            if (run.order.equals(order.id)) {
                account.runs.remove(run.id);
                state.remove(run);
            }
        }
        ended(account, order, State.CANCELLED);
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
    }

    private void advance(Account account, RunState run) throws Exception {
        if (directory.isGone(run.integration)) {
            end(account, run, State.CANCELLED, run.integration + " is deleted.");
            return;
        }
        Optional<Known> found = directory.find(run.integration);
        if (found.isEmpty()) {
            return;
        }
        Known known = found.get();
        if (known.backfill() == null && known.service().routes() != null) {
            // Nothing is listed of a root, only of what depends on it.
            run.begunAtMicros = host.now() * 1000;
            finish(account, account.orders.get(run.order), run, known);
            return;
        }
        check(known);
        OrderState order = account.orders.get(run.order);
        if (run.phase == Phase.WAITING) {
            begin(account, order, run, known);
        }
        long now = host.now();
        if (run.waitUntilMillis > now) {
            host.wake(account, run.waitUntilMillis);
            return;
        }
        tables.advance(account, order, run, known);
        list(account, order, run, known, now);
        if (run.phase == Phase.LISTINGS && !run.hasListings() && !run.reading) {
            complete(account, order, run, known);
        } else if (run.phase == Phase.MISSING && run.missingTold && !run.reading) {
            finish(account, order, run, known);
        }
    }

    private static void check(Known known) throws ApiException {
        if (known.backfill() == null) {
            throw new ApiException(
                    ApiFailure.CONFIGURATION, known.service().name() + " cannot be fetched.");
        }
        Optional<StoredField> missing = known.access().missing(known.backfill());
        if (missing.isPresent() && known.backfill().derived() == null) {
            throw new ApiException(
                    ApiFailure.CONFIGURATION,
                    "No "
                            + missing.get().name().toLowerCase(Locale.ROOT)
                            + " is stored for "
                            + known.service().name()
                            + ".");
        }
    }

    private void begin(Account account, OrderState order, RunState run, Known known)
            throws Exception {
        Backfill backfill = known.backfill();
        run.begunAtMicros = host.now() * 1000;
        if (run.single) {
            run.phase = Phase.LISTINGS;
            state.put(run);
            return;
        }
        // Refused here if it asks for what the service cannot do.
        order.criteria(run.integration, known.service());
        run.watermarkMicros = watermark(account, order, run, known);
        if (order.isRestricted() && !run.integration.equals(order.integration)) {
            // What depends on rows gets those that the order brought, not all of the table.
            begin(run, backfill);
        } else if (backfill.fanOut() != null || backfill.derived() != null) {
            run.phase = Phase.TABLE;
        } else {
            run.phase = Phase.LISTINGS;
            run.listings.add(Position.first(null, run.watermarkMicros));
        }
        state.put(run);
        if (order.startedAtMillis == 0) {
            order.startedAtMillis = host.now();
            order.state = State.RUNNING;
            state.put(order);
            host.report(Reports.of(order, host.now()));
        }
    }

    private static void begin(RunState run, Backfill dependent) {
        run.phase = dependent.fanOut() == null ? Phase.LISTINGS : Phase.LISTED;
        if (dependent.fanOut() == null && dependent.derived() == null) {
            run.listings.add(Position.first(null, null));
        }
    }

    private static Long watermark(Account account, OrderState order, RunState run, Known known) {
        IntegrationNote note = account.integration(run.integration);
        BackfillIncremental incremental = known.backfill().incremental();
        if (run.extent == Extent.FULL
                || order.isRestricted()
                || incremental.style() == BackfillIncremental.Style.NONE
                || note.completeFromMicros() == 0
                || note.epoch() != known.integration().epoch()) {
            return null;
        }
        int overlap = incremental.overlapSeconds() == null ? 0 : incremental.overlapSeconds();
        return note.completeFromMicros() - STALENESS_MICROS - overlap * 1_000_000L;
    }

    private void list(Account account, OrderState order, RunState run, Known known, long now)
            throws Exception {
        boolean fansOut = !run.single && known.backfill().fanOut() != null;
        int most = fansOut ? known.backfill().fanOut().parallelism() : 1;
        boolean begun = false;
        while (run.listings.size() < most && !run.parents.isEmpty()) {
            ParentRow parent = run.parents.remove(0);
            Long own = parent.watermarkMicros();
            run.listings.add(Position.first(parent, own == null ? run.watermarkMicros : own));
            begun = true;
        }
        if (begun) {
            state.put(run);
        }
        for (Position position : List.copyOf(run.listings)) {
            Active active = run.active.get(RunState.key(position));
            if (active == null) {
                active = new Active(listing(order, run, known, position));
                run.active.put(RunState.key(position), active);
            }
            if (!active.onTheWay && !ask(account, order, run, active, known, now)) {
                return;
            }
        }
    }

    private static Listing listing(
            OrderState order, RunState run, Known known, Position position) throws ApiException {
        return run.single
                ? Listing.single(known.backfill(), position)
                : Listing.restricted(
                        known.backfill(),
                        Restriction.of(
                                known.service(), order.criteria(run.integration, known.service())),
                        position);
    }

    private boolean ask(
            Account account, OrderState order, RunState run, Active active, Known known, long now)
            throws Exception {
        long at =
                Math.max(
                        account.note.mayAskAt(now, settings.requestsPerDay()),
                        host.mayLetOutAt(order.organization));
        if (at > now) {
            host.wake(account, at);
            return false;
        }
        if (account.onTheWay >= settings.perAccount() || !host.mayAsk(account)) {
            return false;
        }
        ApiRequest request = active.listing.request(known.access(), Instant.ofEpochMilli(now));
        active.onTheWay = true;
        account.onTheWay++;
        if (settings.requestsPerDay() > 0) {
            account.note = account.note.counted(now);
            state.put(account.note);
        }
        host.ask(account, run, active, request, new Task(known.access(), work(order, run, known)));
        return true;
    }

    private PageWork work(OrderState order, RunState run, Known known) {
        List<Derived> derived = new ArrayList<>();
        List<Child> children = new ArrayList<>();
        for (IntegrationControl other : directory.of(known.integration().organization())) {
            Backfill backfill =
                    directory.service(other) == null ? null : directory.service(other).backfill();
            if (backfill == null) {
                continue;
            }
            if (backfill.derived() != null
                    && backfill.derived().from().equals(known.service().name())) {
                derived.add(
                        new Derived(other.id(), other.revision(), backfill.derived().pointer()));
            }
            if (order.children == Children.INCLUDED
                    && backfill.fanOut() != null
                    && backfill.fanOut().over().equals(known.service().name())) {
                children.add(new Child(order.id + "/" + other.id(), backfill));
            }
        }
        boolean remember =
                !run.single
                        && !order.isRestricted()
                        && known.backfill().missing() != null
                        && run.watermarkMicros == null;
        return new PageWork(
                run.integration,
                known.integration().revision(),
                derived,
                children,
                remember ? known.service().key() : null,
                known.service().key());
    }

    /** A request was answered; {@code ready} is null while its page is not whole. */
    void answered(Account account, RunState run, Active active, Ready ready, ApiAnswer answer)
            throws Exception {
        if (!isOpen(account, run, active)) {
            return;
        }
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
        OrderState order = account.orders.get(run.order);
        host.emit(order, ready.items(), ready.startedAt());
        for (Listed listed : ready.listed()) {
            state.list(listed.run(), listed.parent());
        }
        for (String key : ready.keys()) {
            state.see(run.id, key);
        }
        replace(run, active, ready.after());
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

    private static void replace(RunState run, Active active, Position after) {
        for (int i = 0; i < run.listings.size(); i++) {
            String key = RunState.key(run.listings.get(i));
            if (run.active.get(key) == active) {
                if (after == null) {
                    run.listings.remove(i);
                    run.active.remove(key);
                } else {
                    run.listings.set(i, after);
                }
                return;
            }
        }
    }

    /** A request brought nothing. */
    void refused(Account account, RunState run, Active active, Access access, ApiException why)
            throws Exception {
        if (isOpen(account, run, active)) {
            failed(account, run, access, why);
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
        OrderState order = account.orders.get(run.order);
        String message =
                access == null ? why.getMessage() : access.withoutSecrets(why.getMessage());
        long now = host.now();
        switch (why.failure()) {
            case CONFIGURATION -> {
                end(account, run, State.FAILED, message);
                return;
            }
            case WAIT -> {
                Instant told = why.retryAt();
                long until = told == null ? now + UNTOLD_WAIT.toMillis() : told.toEpochMilli();
                account.note = account.note.quiet(until);
                state.put(account.note);
                order.state = State.WAITING_FOR_VENDOR;
                host.wake(account, until);
            }
            case TRANSIENT, UNREADABLE -> {
                run.failures++;
                boolean hopeless =
                        why.failure() == ApiFailure.UNREADABLE && run.failures > MOST_UNREADABLE;
                if (hopeless || run.failures > settings.mostFailures()) {
                    end(account, run, State.FAILED, message);
                    return;
                }
                run.waitUntilMillis =
                        now
                                + Schedules.backoff(
                                        run.failures,
                                        settings.firstWait(),
                                        settings.longestWait(),
                                        now ^ run.id.hashCode());
                state.put(run);
                host.wake(account, run.waitUntilMillis);
            }
        }
        order.waiting = message;
        state.put(order);
        host.report(Reports.of(order, now));
    }

    private void complete(Account account, OrderState order, RunState run, Known known)
            throws Exception {
        if (run.single) {
            end(account, run, State.FINISHED, null);
            return;
        }
        if (!order.isRestricted()
                && known.backfill().missing() != null
                && run.watermarkMicros == null) {
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
                run(account, order, child.id());
            }
        }
        end(account, run, State.FINISHED, null);
        pump(account);
    }

    private void end(Account account, RunState run, State how, String message) throws Exception {
        account.runs.remove(run.id);
        state.remove(run);
        OrderState order = account.orders.get(run.order);
        order.openRuns--;
        if (how == State.FAILED && order.failure == null) {
            order.failure =
                    run.integration.equals(order.integration)
                            ? message
                            : run.integration + ": " + message;
        }
        state.put(order);
        if (order.openRuns == 0) {
            ended(
                    account,
                    order,
                    order.failure != null
                            ? State.FAILED
                            : how == State.CANCELLED ? State.CANCELLED : State.FINISHED);
        }
    }

    private void ended(Account account, OrderState order, State how) throws Exception {
        order.state = how;
        order.waiting = null;
        account.orders.remove(order.id);
        state.remove(order);
        host.report(Reports.of(order, host.now()));
    }
}
