package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.connectors.backfill.BackfillDirectory.Known;
import io.webhookdb.connectors.backfill.PageWork.Item;
import io.webhookdb.connectors.backfill.TableRows.Read;
import io.webhookdb.connectors.backfill.TableRows.Row;
import io.webhookdb.connectors.backfill.TableRows.Table;
import io.webhookdb.schemas.catalog.BackfillToken;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.control.IntegrationControl;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes away what was fetched for an owner who is gone: tells of each of their rows that it is
 * deleted. Tables are looked at several times within the next hour, because rows may still be on
 * their way to them; nothing more is listed meanwhile.
 */
final class OwnerRemoval {
    /** Milliseconds until each further look. */
    private static final List<Long> LOOKS = List.of(500L, 2_000L, 10_000L, 60_000L, 3_600_000L);

    private final BackfillSettings settings;
    private final BackfillDirectory directory;
    private final BackfillState state;
    private final Host host;
    private final TableRows rows;

    OwnerRemoval(
            BackfillSettings settings,
            BackfillDirectory directory,
            BackfillState state,
            Host host,
            TableRows rows) {
        this.settings = settings;
        this.directory = directory;
        this.state = state;
        this.host = host;
        this.rows = rows;
    }

    /** A table that has rows of owners, and the column that says whose. */
    private record Owned(Table table, String column) {}

    /** Rows of one of them; none are read while the owner's own row is there. */
    private record Found(boolean ownerIsThere, Read read) {}

    /** Looks for what is due, one owner after the other. */
    void pump(Account account) {
        if (account.removing) {
            return;
        }
        if (account.looksDueAt > host.now()) {
            wake(account, account.looksDueAt);
            return;
        }
        long next = Long.MAX_VALUE;
        for (Map.Entry<String, OwnerNote> one : account.owners.entrySet()) {
            long at = one.getValue().lookAtMillis();
            if (at > 0 && at <= host.now()) {
                Optional<Known> owners = directory.find(account.key);
                if (owners.isPresent() && owners.get().service().owners() != null) {
                    look(account, one.getKey(), owners.get(), owned(owners.get()), 0);
                    return;
                }
            } else if (at > 0) {
                next = Math.min(next, at);
            }
        }
        account.looksDueAt = next;
        wake(account, next);
    }

    private void wake(Account account, long atMillis) {
        if (atMillis < Long.MAX_VALUE) {
            host.wake(account, atMillis);
        }
    }

    private List<Owned> owned(Known owners) {
        List<Owned> found = new ArrayList<>();
        for (IntegrationControl other : directory.of(owners.integration().organization())) {
            ServiceDefinition service = directory.service(other);
            BackfillToken token =
                    service == null || service.backfill() == null
                            ? null
                            : OwnerTokens.of(service.backfill().auth());
            if (token != null && token.service().equals(owners.service().name())) {
                service.columns().stream()
                        .filter(column -> column.pointer().equals(token.key()))
                        .map(Column::name)
                        .findFirst()
                        .ifPresent(
                                column ->
                                        found.add(
                                                new Owned(
                                                        new Table(
                                                                owners.source(),
                                                                other,
                                                                service,
                                                                null),
                                                        column)));
            }
        }
        return found;
    }

    private void look(Account account, String owner, Known owners, List<Owned> left, long afterPk) {
        account.removing = true;
        Table own = new Table(owners.source(), owners.integration(), owners.service(), null);
        host.look(
                account,
                () ->
                        rows.held(own, owner).isPresent()
                                ? new Found(true, null)
                                : new Found(
                                        false,
                                        left.isEmpty()
                                                ? new Read(List.of(), 0, true)
                                                : rows.having(
                                                        left.get(0).table(),
                                                        left.get(0).column(),
                                                        owner,
                                                        afterPk,
                                                        settings.readRows())),
                (found, failure) -> {
                    account.removing = false;
                    took(account, owner, owners, left, found);
                });
    }

    /**
     * @param found null if a table could not be read
     */
    private void took(Account account, String owner, Known owners, List<Owned> left, Found found)
            throws Exception {
        OwnerNote note = account.owners.get(owner);
        if (note == null || !note.gone()) {
            return;
        }
        if (found == null || found.ownerIsThere() || left.isEmpty()) {
            put(account, owner, next(note, found));
            return;
        }
        tell(owners, left.get(0).table(), note, found.read().rows());
        if (found.read().isLast()) {
            look(account, owner, owners, left.subList(1, left.size()), 0);
        } else {
            look(account, owner, owners, left, found.read().lastPk());
        }
    }

    private OwnerNote next(OwnerNote note, Found found) {
        if (note.looks() < LOOKS.size()) {
            return note.looked(host.now() + LOOKS.get(note.looks()));
        }
        // A row that stays says that a newer message brought the owner back.
        return found != null && found.ownerIsThere() ? note.back() : note.looked(0);
    }

    private void put(Account account, String owner, OwnerNote note) throws Exception {
        account.remember(owner, note);
        state.put(owner, note);
    }

    private void tell(Known owners, Table table, OwnerNote note, List<Row> found) {
        List<Item> gone = new ArrayList<>();
        for (Row row : found) {
            if (row.data() instanceof ObjectNode last) {
                last.put(owners.service().owners().gone(), true);
                gone.add(
                        new Item(
                                table.integration().id(),
                                table.integration().revision(),
                                Json.bytes(last),
                                note.floorMicros()));
            }
        }
        host.emit(
                OrderState.of(
                        "gone",
                        owners.integration().organization(),
                        table.integration().id(),
                        Extent.INCREMENTAL,
                        Children.LEFT_OUT),
                gone,
                Instant.ofEpochMilli(host.now()));
    }
}
