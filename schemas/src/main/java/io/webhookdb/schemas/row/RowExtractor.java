package io.webhookdb.schemas.row;

import io.webhookdb.schemas.catalog.BackfillFetch;
import io.webhookdb.schemas.catalog.BackfillSchedule;
import io.webhookdb.schemas.catalog.BodyFormat;
import io.webhookdb.schemas.catalog.Condition;
import io.webhookdb.schemas.catalog.Owners;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Source;
import io.webhookdb.schemas.catalog.TimeSource;
import io.webhookdb.schemas.deadletter.DeadLetter.Reason;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.event.VersionFloor;
import io.webhookdb.schemas.hook.RequestHook;
import io.webhookdb.schemas.hook.RequestHooks;
import io.webhookdb.schemas.row.RowUpdate.Operation;
import io.webhookdb.schemas.row.Version.Rank;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns an event into rows by one service definition: one streaming pass over the body, no tree.
 * Not thread-safe; build one per thread and definition and reuse it.
 *
 * <p>Version time is the first of the definition's candidates that has a value; without one it is
 * the time of receipt, for a fetched object reduced by the staleness margin and cut to whole
 * seconds, the resolution vendors write times in. So a listing can repair a row and never overwrite
 * a push that happened while it was being fetched.
 */
public final class RowExtractor {
    /** How much older than the start of its request a fetched object is taken to be. */
    static final long STALENESS_MARGIN_MICROS = 5_000_000;

    private static final byte[] EMPTY_OBJECT = {'{', '}'};

    private final ServiceDefinition service;
    private final String definitionHash;
    private final RequestValues values;
    private final KeyReader key;
    private final List<CellReader> columns = new ArrayList<>();
    private final BackfillFetch fetch;
    private final Place reference;
    private final List<Owners.Start> starts;
    private final Source channel;
    private final RequestHook hook;

    public RowExtractor(ServiceDefinition service) {
        this.service = service;
        this.definitionHash = service.hash();
        this.values = new RequestValues(service);
        this.hook = service.hook() == null ? null : RequestHooks.of(service.hook());
        this.key = new KeyReader(values, service.key());
        service.columns().forEach(column -> columns.add(new CellReader(values, column)));
        this.fetch = service.backfill() == null ? null : service.backfill().fetch();
        this.reference = fetch == null ? null : values.resourcePlace(fetch.reference());
        if (fetch != null) {
            fetch.when().forEach(values::register);
        }
        this.starts = service.owners() == null ? List.of() : service.owners().starts();
        this.channel =
                service.owners() == null || service.owners().channels() == null
                        ? null
                        : service.owners().channels().id();
        if (channel != null) {
            values.register(channel);
        }
        starts.forEach(start -> start.when().forEach(values::register));
    }

    /**
     * What the event asks of the service's table.
     *
     * @param organization owner of the table
     * @param epoch the integration's epoch
     * @return rows, or why there is none; never throws for what a body holds
     */
    public Extraction extract(Event event, long organization, long epoch) {
        Target target = new Target(event, organization, epoch);
        try {
            values.read(event, json(event));
            Optional<List<JsonScanner.Span>> elements = values.elements();
            return elements.isPresent() ? list(elements.get(), target) : single(target);
        } catch (IOException e) {
            return new Extraction.Poison(
                    Reason.NOT_JSON, "The body is no JSON document: " + e.getMessage() + ".");
        }
    }

    private byte[] json(Event event) throws IOException {
        if (hook != null) {
            return hook.json(event);
        }
        byte[] received = event.body().length == 0 ? EMPTY_OBJECT : event.body();
        if (service.body() == BodyFormat.FORM) {
            return FormBody.json(received);
        }
        return FormBody.isForm(event.contentType()) ? FormBody.document(received) : received;
    }

    private Extraction single(Target target) throws IOException {
        if (!values.hasResource()) {
            return values.isWrapped()
                    ? new Extraction.Ignored("no object at " + service.envelope().resource())
                    : new Extraction.Poison(
                            Reason.NO_RESOURCE, "The body is JSON, expected a JSON object.");
        }
        if (isNotification() && values.scalar(reference) != null) {
            return new Extraction.Notification(values.scalar(reference));
        }
        Optional<Extraction> ignored = refused();
        if (ignored.isEmpty() && channel != null && values.text(channel) != null) {
            return new Extraction.Notification(values.text(channel));
        }
        return ignored.isPresent() ? ignored.get() : started(row(target), target.event());
    }

    /**
     * A message of an owner's backend may ask for the owner's data, or say that the owner is gone,
     * so that the data has to go as well; a fetched row never does.
     */
    private Extraction started(Extraction extraction, Event event) {
        if (starts.isEmpty()
                || event.origin() == Origin.BACKFILL
                || !(extraction instanceof Extraction.Rows rows)) {
            return extraction;
        }
        if (service.owners().gone() != null
                && rows.updates().get(0).operation() != Operation.UPSERT) {
            return new Extraction.Rows(
                    rows.updates(), rows.drift(), BackfillSchedule.Run.INCREMENTAL);
        }
        return starts.stream()
                .filter(start -> start.when().stream().allMatch(values::passes))
                .findFirst()
                .<Extraction>map(
                        start -> new Extraction.Rows(rows.updates(), rows.drift(), start.run()))
                .orElse(extraction);
    }

    /** The newest state of each key; an element that is not usable does not spoil the others. */
    private Extraction list(List<JsonScanner.Span> elements, Target target) throws IOException {
        Map<String, RowUpdate> newest = new LinkedHashMap<>();
        List<String> drift = new ArrayList<>(0);
        Extraction unusable = new Extraction.Ignored("a list without a resource");
        for (JsonScanner.Span element : elements) {
            values.select(element);
            Optional<Extraction> ignored = refused();
            Extraction extraction = ignored.isPresent() ? ignored.get() : row(target);
            if (extraction instanceof Extraction.Rows rows) {
                RowUpdate update = rows.updates().get(0);
                newest.merge(
                        update.key(),
                        update,
                        (earlier, later) -> KeptCells.newest(service, earlier, later));
                drift.addAll(rows.drift());
            } else if (extraction instanceof Extraction.Poison) {
                drift.add(service.key().column());
                unusable = extraction;
            }
        }
        return newest.isEmpty()
                ? unusable
                : new Extraction.Rows(List.copyOf(newest.values()), drift);
    }

    private boolean isNotification() {
        return fetch != null && fetch.when().stream().allMatch(values::passes);
    }

    private Optional<Extraction> refused() {
        for (Condition condition : service.accept()) {
            if (!values.passes(condition)) {
                return Optional.of(new Extraction.Ignored("not accepted by " + where(condition)));
            }
        }
        for (Condition condition : service.ignore()) {
            if (values.passes(condition)) {
                return Optional.of(new Extraction.Ignored("left out by " + where(condition)));
            }
        }
        return Optional.empty();
    }

    private static String where(Condition condition) {
        String place =
                condition.header() != null
                        ? "the header " + condition.header()
                        : condition.event() != null
                                ? condition.event() + " of the event"
                                : condition.resource() + " of the resource";
        return condition.equals().isEmpty()
                ? place
                : place + ", one of " + String.join(", ", condition.equals());
    }

    private Extraction row(Target target) throws IOException {
        Optional<String> remoteKey = key.key();
        if (remoteKey.isEmpty()) {
            return new Extraction.Poison(Reason.NO_REMOTE_KEY, key.complaint());
        }
        Event event = target.event();
        long versionTime = versionTime(event);
        CellReader.Times times = new CellReader.Times(event.receivedAtMicros(), versionTime);
        List<String> drift = new ArrayList<>(0);
        String[] cells = new String[columns.size()];
        boolean complete = true;
        boolean brings = cells.length == 0;
        for (int i = 0; i < cells.length; i++) {
            CellReader column = columns.get(i);
            boolean present = column.present();
            complete &= present || !column.isRequired();
            cells[i] = column.cell(times, drift);
            brings |= present || cells[i] != null;
        }
        Operation operation =
                !isDelete()
                        ? Operation.UPSERT
                        : complete && brings ? Operation.DELETE : Operation.DELETE_BY_KEY;
        byte[] data = values.resource();
        String deliveryId = service.deliveryId() == null ? null : values.text(service.deliveryId());
        RowUpdate update =
                new RowUpdate(
                        target.organization(),
                        event.integration(),
                        target.epoch(),
                        definitionHash,
                        remoteKey.get(),
                        new Version(versionTime, rank(event, operation), event.id()),
                        operation,
                        ContentHash.of(operation, data),
                        deliveryId == null
                                ? null
                                : ContentHash.of(deliveryId.getBytes(StandardCharsets.UTF_8)),
                        event.receivedAtMicros(),
                        cells,
                        data);
        return new Extraction.Rows(
                List.of(update), operation == Operation.DELETE_BY_KEY ? List.of() : drift);
    }

    private boolean isDelete() {
        for (List<Condition> rule : service.deletes()) {
            boolean all = true;
            for (Condition condition : rule) {
                all &= values.passes(condition);
            }
            if (all) {
                return true;
            }
        }
        return false;
    }

    private long versionTime(Event event) {
        return Math.max(ownTime(event), VersionFloor.of(event));
    }

    private long ownTime(Event event) {
        for (TimeSource candidate : service.versionTime()) {
            String text = values.text(candidate.source());
            Optional<Long> micros =
                    text == null
                            ? Optional.empty()
                            : TimeText.of(candidate.format(), text).map(TimeText::micros);
            if (micros.isPresent()) {
                return micros.get();
            }
        }
        return event.origin().isPolled()
                ? Math.floorDiv(event.receivedAtMicros() - STALENESS_MARGIN_MICROS, 1_000_000)
                        * 1_000_000
                : event.receivedAtMicros();
    }

    private static Rank rank(Event event, Operation operation) {
        if (operation != Operation.UPSERT) {
            return Rank.DELETE;
        }
        return event.origin().isPolled() ? Rank.POLL : Rank.PUSH;
    }

    /** Where an event's rows go. */
    private record Target(Event event, long organization, long epoch) {}
}
