package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.connectors.backfill.BackfillDirectory.Known;
import io.webhookdb.connectors.backfill.PageWork.Item;
import io.webhookdb.connectors.backfill.TableRows.Held;
import io.webhookdb.connectors.backfill.TableRows.Table;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Adds members to rows: what this job knows of a row and the vendor does not say with it. The row
 * is read and let out again with them, at a version just above its own, so that whatever is newer
 * wins.
 */
final class Amendments {
    private final BackfillDirectory directory;
    private final BackfillState state;
    private final Host host;
    private final TableRows rows;

    Amendments(BackfillDirectory directory, BackfillState state, Host host, TableRows rows) {
        this.directory = directory;
        this.state = state;
        this.host = host;
        this.rows = rows;
    }

    /** Has a row get members. */
    void add(Account account, String integration, String key, Map<String, String> members)
            throws Exception {
        Amendment wanted = new Amendment(integration, key, members, host.now(), 0);
        Amendment before = account.amendments.get(wanted.id());
        put(account, before == null ? wanted : before.with(members));
    }

    /** What is wanted of a row is wanted no more. */
    void drop(Account account, String integration, String key) throws Exception {
        Amendment dropped =
                account.amendments.remove(new Amendment(integration, key, Map.of(), 0, 0).id());
        if (dropped != null) {
            state.remove(dropped);
        }
    }

    private void put(Account account, Amendment amendment) throws Exception {
        account.amendments.put(amendment.id(), amendment);
        state.put(amendment);
    }

    /** Does what is due, one after the other. */
    void pump(Account account) {
        if (account.amending) {
            return;
        }
        long next = Long.MAX_VALUE;
        for (Amendment amendment : new ArrayList<>(account.amendments.values())) {
            Optional<Known> known = directory.find(amendment.integration());
            if (known.isPresent() && amendment.dueAtMillis() <= host.now()) {
                look(account, amendment, known.get());
                return;
            }
            next = known.isPresent() ? Math.min(next, amendment.dueAtMillis()) : next;
        }
        if (next < Long.MAX_VALUE) {
            host.wake(account, next);
        }
    }

    private void look(Account account, Amendment amendment, Known known) {
        account.amending = true;
        Table table = new Table(known.source(), known.integration(), known.service(), null);
        host.look(
                account,
                () -> rows.held(table, amendment.key()),
                (held, failure) -> {
                    account.amending = false;
                    Amendment now = account.amendments.get(amendment.id());
                    if (now != null) {
                        amend(account, now, known, failure == null ? held : Optional.empty());
                    }
                });
    }

    private void amend(Account account, Amendment amendment, Known known, Optional<Held> held)
            throws Exception {
        if (held.isEmpty() && !amendment.isGivenUp()) {
            put(account, amendment.later(host.now()));
            return;
        }
        if (held.isEmpty() || !(held.get().data() instanceof ObjectNode data)) {
            drop(account, amendment.integration(), amendment.key());
            return;
        }
        ObjectNode before = data.deepCopy();
        amendment.members().forEach(data::put);
        if (data.equals(before) || amendment.isGivenUp()) {
            drop(account, amendment.integration(), amendment.key());
        } else {
            // Kept until the row has it: what is added meanwhile must not bring back what was
            // there.
            put(account, amendment.later(host.now()));
            host.emit(
                    OrderState.of(
                            "amended",
                            known.integration().organization(),
                            amendment.integration(),
                            Extent.INCREMENTAL,
                            Children.LEFT_OUT),
                    List.of(
                            new Item(
                                    amendment.integration(),
                                    known.integration().revision(),
                                    Json.bytes(data),
                                    held.get().versionMicros() + 1)),
                    Instant.ofEpochMilli(host.now()));
        }
    }
}
