package io.webhookdb.connectors.backfill;

import io.webhookdb.connectors.backfill.BackfillDirectory.Known;
import io.webhookdb.connectors.backfill.Host.Task;
import io.webhookdb.connectors.backfill.PageWork.Child;
import io.webhookdb.connectors.backfill.PageWork.Derived;
import io.webhookdb.connectors.backfill.RunState.Active;
import io.webhookdb.schemas.catalog.Backfill;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.IntegrationControl;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The listings of a run: which are under way, and what is asked next. */
final class ListingWork {
    private final BackfillSettings settings;
    private final BackfillDirectory directory;
    private final BackfillState state;
    private final Host host;
    private final TableRows rows;
    private final OwnerWork owners;

    ListingWork(
            BackfillSettings settings,
            BackfillDirectory directory,
            BackfillState state,
            Host host,
            TableRows rows,
            OwnerWork owners) {
        this.settings = settings;
        this.directory = directory;
        this.state = state;
        this.host = host;
        this.rows = rows;
        this.owners = owners;
    }

    /** Begins listings and asks, as far as the limits let it. */
    void list(Account account, OrderState order, RunState run, Known known, long now)
            throws Exception {
        boolean fansOut = !run.single && known.backfill().fanOut() != null;
        int most = fansOut ? known.backfill().fanOut().parallelism() : 1;
        boolean begun = false;
        while (run.listings.size() < most && !run.parents.isEmpty()) {
            ParentRow parent = run.parents.remove(0);
            begun = true;
            if (run.single || owners.mayList(account, run, known, parent)) {
                run.listings.add(
                        Position.first(
                                parent,
                                run.single
                                        ? null
                                        : owners.since(account, order, run, known, parent)));
            }
        }
        if (begun) {
            state.put(run);
            if (!run.hasListings()) {
                // None of them could be listed, so no answer will come to look further after.
                host.wake(account, now);
            }
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

    private static Listing listing(OrderState order, RunState run, Known known, Position position)
            throws ApiException {
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
        Visits visits = run.single ? null : Visits.of(known, directory, rows);
        ApiRequest request;
        Access access = known.access().knowing(account.owners);
        try {
            request = active.listing.request(access, Instant.ofEpochMilli(now));
        } catch (ApiException e) {
            if (visits == null && OwnerWork.isOfOne(active, e)) {
                owners.passOver(order, run, active, known.access(), e);
                host.wake(account, now);
                return true;
            }
            if (visits == null) {
                throw e;
            }
            passedOver(account, order, run, active, visits, e);
            return true;
        }
        active.onTheWay = true;
        account.onTheWay++;
        if (settings.requestsPerDay() > 0) {
            account.note = account.note.counted(now);
            state.put(account.note);
        }
        host.ask(account, run, active, request, new Task(access, work(order, run, known), visits));
        return true;
    }

    /** One of many places could not be visited: it is told so, and the others are visited. */
    void passedOver(
            Account account,
            OrderState order,
            RunState run,
            Active active,
            Visits visits,
            ApiException why)
            throws Exception {
        boolean mayPass = why.failure() == ApiFailure.TRANSIENT || why.failure() == ApiFailure.WAIT;
        for (Position position : run.listings) {
            if (run.active.get(RunState.key(position)) == active) {
                host.emit(
                        order,
                        List.of(visits.failed(position.parent(), why.getMessage(), mayPass)),
                        Instant.ofEpochMilli(host.now()));
            }
        }
        run.replace(active, null);
        state.put(run);
        host.wake(account, host.now());
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
}
