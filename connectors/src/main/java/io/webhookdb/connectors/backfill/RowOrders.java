package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.connectors.backfill.BackfillDirectory.Known;
import io.webhookdb.connectors.backfill.TableRows.Read;
import io.webhookdb.connectors.backfill.TableRows.Row;
import io.webhookdb.schemas.catalog.BackfillSchedule;
import io.webhookdb.schemas.catalog.Owners;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.fetch.FetchOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Orders for what depends on single rows: messages of owners' backends ask for them. Rows that come
 * while such an order is under way are gathered for the next.
 */
final class RowOrders {
    /** Where the whole row is among the values of a {@link ParentRow}. */
    private static final String WHOLE = "";

    private static final Duration LONGEST_AWAITED = Duration.ofSeconds(30);

    private final BackfillDirectory directory;
    private final BackfillState state;
    private final Host host;
    private final OwnerWork owners;
    private final ChannelWork channels;
    private final OwnerNotes notes;

    RowOrders(
            BackfillDirectory directory,
            BackfillState state,
            Host host,
            OwnerWork owners,
            ChannelWork channels,
            OwnerNotes notes) {
        this.directory = directory;
        this.state = state;
        this.host = host;
        this.owners = owners;
        this.channels = channels;
        this.notes = notes;
    }

    /** Takes an order that is one of rows: of a row that came, or of one that has changed. */
    boolean takes(Account account, FetchOrder named) throws Exception {
        if (named.run() != null) {
            channels.key(account, Json.scalar(named.row().path(Owners.CHANNEL_KEY)));
            if (notes.takes(account, named.reference(), named.row())) {
                channels.ended(account, named.reference());
            } else {
                add(account, named);
            }
            return true;
        }
        Optional<ChannelNote> channel = ChannelWork.find(account, named.reference());
        if (channel.isPresent()) {
            notified(account, named.organization(), channel.get());
        }
        // Else a channel that was replaced, or somebody else's: what it tells of is polled.
        return channel.isPresent() || directory.takesMessages(named.integration());
    }

    /** Takes a row in; its order begins when the one before it has ended. */
    private void add(Account account, FetchOrder named) throws Exception {
        Extent extent = named.run() == BackfillSchedule.Run.FULL ? Extent.FULL : Extent.INCREMENTAL;
        String id =
                open(account, "rows_" + named.integration() + "_" + extent, named.integration());
        OrderState order = order(account, id, named.organization(), named.integration(), extent);
        RunState run = run(account, order);
        run.parents.removeIf(other -> other.key().equals(named.reference()));
        run.parents.add(new ParentRow(named.reference(), Map.of(WHOLE, named.row())));
        state.put(run);
        state.put(order);
    }

    /** A row has changed: everything that is listed for it is listed again. */
    private void notified(Account account, long organization, ChannelNote channel)
            throws Exception {
        Optional<Known> made = directory.find(channel.integration());
        if (made.isEmpty()) {
            return;
        }
        String over = made.get().backfill().fanOut().over();
        for (IntegrationControl other : directory.of(organization)) {
            ServiceDefinition service = directory.service(other);
            if (service != null
                    && service.backfill() != null
                    && service.backfill().fanOut() != null
                    && service.backfill().fanOut().over().equals(over)) {
                again(account, other, channel.parent());
            }
        }
    }

    private void again(Account account, IntegrationControl listed, ParentRow row) throws Exception {
        String id = open(account, "rows_" + listed.id(), listed.id());
        OrderState order =
                order(account, id, listed.organization(), listed.id(), Extent.INCREMENTAL);
        RunState run = run(account, order);
        if (order.startedAtMillis == 0) {
            order.startedAtMillis = host.now();
        }
        if (run.begunAtMicros == 0) {
            run.begunAtMicros = host.now() * 1000;
        }
        run.phase = RunState.Phase.LISTED;
        state.list(run.id, row);
        state.put(run);
        state.put(order);
    }

    /** That order while its first run goes on; else the one after it. */
    private static String open(Account account, String id, String integration) {
        return account.orders.containsKey(id) && !account.runs.containsKey(id + "/" + integration)
                ? id + "_next"
                : id;
    }

    /** The order of that id; a new one where there is none. */
    private static OrderState order(
            Account account, String id, long organization, String integration, Extent extent) {
        return account.orders.computeIfAbsent(
                id,
                absent -> {
                    OrderState order =
                            OrderState.of(id, organization, integration, extent, Children.INCLUDED);
                    order.ofRows = true;
                    return order;
                });
    }

    /** The first run of an order; a new one where there is none. */
    private static RunState run(Account account, OrderState order) {
        RunState run = RunState.of(order, order.integration, order.extent);
        RunState before = account.runs.putIfAbsent(run.id, run);
        if (before == null) {
            order.openRuns++;
        }
        return before == null ? run : before;
    }

    /** Whether it has to wait: what an earlier order for rows brings is not all there. */
    static boolean mustWait(Account account, RunState run) {
        for (OrderState other : account.orders.values()) {
            if (other.id.equals(run.order)) {
                return false;
            }
            if (other.ofRows && other.integration.equals(run.integration)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Hands rows to the runs of what is listed for them.
     *
     * @return whether all are handed on; if not, the account is looked at again
     */
    boolean handOn(Account account, RunState run, Known known) throws Exception {
        if (directory.children(known.integration()).isEmpty() && awaits(account, run)) {
            return false;
        }
        List<Row> without = new ArrayList<>();
        for (ParentRow parent : run.parents) {
            JsonNode data = parent.values().get(WHOLE);
            String token = OwnerWork.brought(known.service(), data);
            if (token == null && !parent.hasToken()) {
                without.add(new Row(parent.key(), data, Instant.EPOCH));
            } else {
                list(run, known, token == null ? parent : parent.withToken(token));
            }
        }
        run.parents.removeIf(
                parent -> without.stream().noneMatch(row -> row.key().equals(parent.key())));
        state.put(run);
        if (without.isEmpty()) {
            return true;
        }
        lookUp(account, run, known, without);
        return false;
    }

    /** Without children there may be none, or a job that has just begun does not know them yet. */
    private boolean awaits(Account account, RunState run) throws Exception {
        if (run.waitUntilMillis == 0) {
            run.waitUntilMillis = host.now() + LONGEST_AWAITED.toMillis();
            state.put(run);
        }
        host.wake(account, run.waitUntilMillis);
        return host.now() < run.waitUntilMillis;
    }

    /** A message without a credential: the row has the one that came before. */
    private void lookUp(Account account, RunState run, Known known, List<Row> without) {
        Known child =
                directory.children(known.integration()).stream()
                        .flatMap(one -> directory.find(one.id()).stream())
                        .filter(OwnerWork::owned)
                        .findFirst()
                        .orElse(null);
        Map<String, String> found = new HashMap<>();
        host.read(
                account,
                run,
                () -> {
                    if (child != null) {
                        found.putAll(owners.tokens(child, without));
                    }
                    return new Read(without, 0, true);
                },
                read -> {
                    for (ParentRow parent : run.parents) {
                        String token = found.get(parent.key());
                        if (token != null) {
                            list(run, known, parent.withToken(token));
                        }
                    }
                    // Without one there is nothing to be fetched with.
                    run.parents.clear();
                    state.put(run);
                });
    }

    private void list(RunState run, Known known, ParentRow row) throws Exception {
        ServiceDefinition owners = known.service();
        for (IntegrationControl child : directory.children(known.integration())) {
            ServiceDefinition service = directory.service(child);
            if (service.backfill().fanOut() != null
                    && service.backfill().fanOut().over().equals(owners.name())) {
                ParentRow parent =
                        Parents.of(service.backfill(), row.key(), row.values().get(WHOLE))
                                .map(one -> one.withToken(row.token()))
                                .orElse(null);
                if (parent != null) {
                    state.list(run.order + "/" + child.id(), parent);
                }
            }
        }
    }
}
