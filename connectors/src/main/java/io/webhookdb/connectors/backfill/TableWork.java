package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.connectors.backfill.BackfillDirectory.Known;
import io.webhookdb.connectors.backfill.PageWork.Item;
import io.webhookdb.connectors.backfill.RunState.Phase;
import io.webhookdb.connectors.backfill.TableRows.Due;
import io.webhookdb.connectors.backfill.TableRows.Read;
import io.webhookdb.connectors.backfill.TableRows.Row;
import io.webhookdb.connectors.backfill.TableRows.Table;
import io.webhookdb.schemas.catalog.Backfill;
import io.webhookdb.schemas.catalog.BackfillFanOut.Trigger;
import io.webhookdb.schemas.catalog.BackfillIncremental;
import io.webhookdb.schemas.catalog.BackfillItems;
import io.webhookdb.schemas.catalog.BackfillToken;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.fetch.BackfillCriteria;
import io.webhookdb.schemas.row.VendorTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parts of a run that read tables: rows to fan out over, items within rows, missing rows. */
final class TableWork {
    private static final long MARGIN_SECONDS = 60;

    private final BackfillSettings settings;
    private final BackfillDirectory directory;
    private final BackfillState state;
    private final Host host;
    private final TableRows rows;
    private final OwnerWork owners;

    TableWork(
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

    /** Reads more where the run needs it. */
    void advance(Account account, OrderState order, RunState run, Known known) throws Exception {
        if (run.reading) {
            return;
        }
        if (run.phase == Phase.MISSING && !run.missingTold) {
            missing(account, order, run, known);
        } else if (run.phase == Phase.TABLE && run.parents.isEmpty()) {
            table(account, order, run, known);
        }
        if (run.phase == Phase.LISTED && run.parents.isEmpty()) {
            run.parents.addAll(state.takeListed(run.id, settings.readRows()));
            if (run.parents.isEmpty()) {
                run.phase = Phase.LISTINGS;
            }
            state.put(run);
        }
    }

    private void table(Account account, OrderState order, RunState run, Known known)
            throws Exception {
        Backfill backfill = known.backfill();
        BackfillCriteria criteria = order.criteria(run.integration, known.service());
        String over =
                backfill.derived() != null ? backfill.derived().from() : backfill.fanOut().over();
        Optional<IntegrationControl> source = directory.ancestor(known.integration(), over);
        if (source.isEmpty() || directory.service(source.get()) == null) {
            throw new ApiException(
                    ApiFailure.CONFIGURATION,
                    known.service().name()
                            + " is fetched for the rows of "
                            + over
                            + ", and there is no integration of that service.");
        }
        Table table =
                new Table(
                        known.source(),
                        source.get(),
                        directory.service(source.get()),
                        order.isRestricted() ? null : since(account, run, backfill),
                        order.isRestricted() ? null : due(run, backfill));
        long after = run.afterPk;
        if (backfill.derived() != null) {
            host.read(
                    account,
                    run,
                    () -> rows.next(table, after, settings.readRows()),
                    read -> derive(order, run, known, read));
            return;
        }
        Map<String, Long> newest = new HashMap<>();
        Map<String, String> tokens = new HashMap<>();
        boolean restricted = order.isRestricted();
        Visits visits = restricted ? null : Visits.of(known, directory, rows);
        List<Item> gone = new ArrayList<>();
        Instant before = lastRun(account, run);
        host.read(
                account,
                run,
                () -> {
                    Read read = rows.next(table, after, settings.readRows());
                    if (!restricted) {
                        newest(run, known, read, newest);
                    }
                    tokens.putAll(owners.tokens(known, read.rows()));
                    if (visits != null && read.isLast()) {
                        for (Row deleted : rows.deleted(table, before)) {
                            gone.addAll(visits.deleted(deleted.key()));
                        }
                    }
                    return read;
                },
                read -> {
                    host.emit(order, gone, Instant.ofEpochMilli(host.now()));
                    fanOut(run, backfill, criteria, read, new Had(newest, tokens));
                });
    }

    /** Only rows whose time has come; in a full run all. */
    private Due due(RunState run, Backfill backfill) {
        return !Visits.are(backfill) || run.extent == Extent.FULL
                ? null
                : new Due(
                        backfill.fanOut().visit().at(),
                        Instant.ofEpochMilli(host.now())
                                .minusSeconds(backfill.fanOut().visit().everySeconds()));
    }

    private static Instant lastRun(Account account, RunState run) {
        return Instant.EPOCH
                .plus(account.integration(run.integration).completeFromMicros(), ChronoUnit.MICROS)
                .minusSeconds(MARGIN_SECONDS);
    }

    /** For listings of changed rows only: since when, with time for the rows to be written. */
    private static Instant since(Account account, RunState run, Backfill backfill) {
        IntegrationNote note = account.integration(run.integration);
        return backfill.fanOut() == null
                        || backfill.fanOut().trigger() != Trigger.PARENT_CHANGE
                        || run.extent == Extent.FULL
                        || note.completeFromMicros() == 0
                ? null
                : Instant.EPOCH
                        .plus(note.completeFromMicros(), ChronoUnit.MICROS)
                        .minusSeconds(MARGIN_SECONDS);
    }

    /** What is had already of each of these rows, where the catalogue asks for that. */
    private void newest(RunState run, Known known, Read read, Map<String, Long> newest)
            throws ApiException {
        BackfillIncremental incremental = known.backfill().incremental();
        List<BackfillItems.Injection> inject = known.backfill().items().inject();
        if (run.extent == Extent.FULL
                || incremental.style() != BackfillIncremental.Style.PARAMETER
                || incremental.pointer() == null
                || inject.isEmpty()) {
            return;
        }
        Table own = new Table(known.source(), known.integration(), known.service(), null);
        String[] path = incremental.pointer().substring(1).split("/");
        int overlap = incremental.overlapSeconds() == null ? 0 : incremental.overlapSeconds();
        for (Row row : read.rows()) {
            String parent = row.data().at(inject.get(0).parent()).asText();
            for (String text : rows.values(own, path, inject.get(0).member(), parent)) {
                VendorTime.parse(incremental.format(), text)
                        .map(time -> ChronoUnit.MICROS.between(Instant.EPOCH, time))
                        .ifPresent(
                                micros ->
                                        newest.merge(
                                                row.key(),
                                                micros - overlap * 1_000_000L,
                                                Math::max));
            }
        }
    }

    /** What is had of rows that are read: times of their items, sealed credentials. */
    private record Had(Map<String, Long> newest, Map<String, String> tokens) {}

    private void fanOut(
            RunState run, Backfill backfill, BackfillCriteria criteria, Read read, Had had)
            throws Exception {
        BackfillToken token = OwnerTokens.of(backfill.auth());
        for (Row row : read.rows()) {
            state.unlist(run.id, row.key());
            if (!criteria.chooses(backfill, row.key(), row.data())) {
                continue;
            }
            Parents.of(backfill, row.key(), row.data())
                    .map(
                            parent ->
                                    run.extent == Extent.FULL && Visits.are(backfill)
                                            ? parent.without(
                                                    "/" + backfill.fanOut().visit().context())
                                            : parent)
                    .map(parent -> parent.since(had.newest().get(row.key())))
                    .map(
                            parent ->
                                    token == null
                                            ? parent
                                            : parent.withToken(
                                                    had.tokens()
                                                            .get(
                                                                    row.data()
                                                                            .at(token.key())
                                                                            .asText())))
                    .ifPresent(run.parents::add);
        }
        run.afterPk = read.lastPk();
        if (read.isLast()) {
            run.phase = Phase.LISTED;
        }
        state.put(run);
    }

    private void derive(OrderState order, RunState run, Known known, Read read) throws Exception {
        for (Row row : read.rows()) {
            JsonNode within = row.data().at(known.backfill().derived().pointer());
            if (within.isObject()) {
                host.emit(order, List.of(item(known, Json.bytes(within))), row.syncedAt());
            }
        }
        run.afterPk = read.lastPk();
        if (read.isLast()) {
            run.phase = Phase.LISTINGS;
        }
        state.put(run);
    }

    private void missing(Account account, OrderState order, RunState run, Known known) {
        Table own = new Table(known.source(), known.integration(), known.service(), null);
        long after = run.afterPk;
        host.read(
                account,
                run,
                () -> rows.next(own, after, settings.readRows()),
                read -> tell(order, run, known, read));
    }

    private void tell(OrderState order, RunState run, Known known, Read read) throws Exception {
        Instant begun = Instant.EPOCH.plus(run.begunAtMicros, ChronoUnit.MICROS);
        List<Item> gone = new ArrayList<>();
        for (Row row : read.rows()) {
            boolean isGone = row.syncedAt().isBefore(begun) && !state.isSeen(run.id, row.key());
            if (isGone && row.data() instanceof ObjectNode last) {
                last.put(known.backfill().missing().member(), true);
                gone.add(item(known, Json.bytes(last)));
            }
        }
        host.emit(order, gone, begun);
        run.afterPk = read.lastPk();
        run.missingTold = read.isLast();
        state.put(run);
    }

    private static Item item(Known known, byte[] body) {
        return new Item(known.integration().id(), known.integration().revision(), body);
    }
}
