package io.webhookdb.connectors.backfill;

import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.fetch.FetchOrder;
import io.webhookdb.schemas.status.BackfillProgress.Request;
import io.webhookdb.schemas.status.BackfillProgress.State;
import java.util.List;
import java.util.Map;

/** The orders of an account: how they come, what runs they have, and how they end. */
final class Orders {
    private final BackfillState state;
    private final Host host;

    Orders(BackfillState state, Host host) {
        this.state = state;
        this.host = host;
    }

    /** Takes an order; its run begins when nothing is before it. */
    void order(Account account, OrderState order) throws Exception {
        account.orders.put(order.id, order);
        run(account, order, order.integration);
        host.report(Reports.of(order, host.now()));
    }

    /** A further run of an order. */
    void run(Account account, OrderState order, String integration) throws Exception {
        RunState run = RunState.of(order, integration, order.extent);
        order.openRuns++;
        account.runs.put(run.id, run);
        state.put(run);
        state.put(order);
    }

    /** Fetches one resource that an event named. */
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

    /**
     * A run failed.
     *
     * @param request what it asked for, without secrets; null: nothing
     */
    void fail(Account account, RunState run, String message, Request request) throws Exception {
        OrderState order = account.orders.get(run.order);
        if (order.failure == null) {
            order.request = request;
        }
        end(account, run, State.FAILED, message);
    }

    /** A run is over, and with the last of them its order. */
    void end(Account account, RunState run, State how, String message) throws Exception {
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
