package io.webhookdb.schemas.row;

import com.fasterxml.jackson.core.JsonToken;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.Condition;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.TimeSource;
import io.webhookdb.schemas.deadletter.DeadLetter.Reason;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.RowUpdate.Operation;
import io.webhookdb.schemas.row.Version.Rank;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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

    /** An index entry of Postgres holds about 2,700 bytes. */
    static final int LONGEST_KEY_BYTES = 2_000;

    private static final byte[] EMPTY_OBJECT = {'{', '}'};

    private final ServiceDefinition service;
    private final String definitionHash;
    private final RequestValues values;
    private final List<PlacedColumn> columns = new ArrayList<>();
    private final Place key;
    private final Place resource;

    public RowExtractor(ServiceDefinition service) {
        this.service = service;
        this.definitionHash = service.hash();
        this.values = new RequestValues(service);
        this.resource = values.resourcePlace("");
        this.key = values.resourcePlace(service.key().pointer());
        for (Column column : service.columns()) {
            columns.add(
                    new PlacedColumn(
                            column,
                            values.resourcePlace(column.pointer()),
                            column.eventPointer() == null
                                    ? null
                                    : values.eventPlace(column.eventPointer())));
        }
    }

    /**
     * What the event asks of the service's table.
     *
     * @param organization owner of the table
     * @param epoch the integration's epoch
     * @return rows, or why there is none; never throws for what a body holds
     */
    public Extraction extract(Event event, long organization, long epoch) {
        byte[] body = event.body().length == 0 ? EMPTY_OBJECT : event.body();
        try {
            values.read(event, body);
            if (values.isWrapped() && !isObject(resource)) {
                return new Extraction.Ignored("no object at " + service.envelope().resource());
            }
            if (!isObject(resource)) {
                return new Extraction.Poison(
                        Reason.NO_RESOURCE, "The body is JSON, expected a JSON object.");
            }
            for (Condition condition : service.accept()) {
                if (!values.passes(condition)) {
                    return new Extraction.Ignored("not accepted by " + condition.source());
                }
            }
            return row(event, organization, epoch);
        } catch (IOException e) {
            return new Extraction.Poison(
                    Reason.NOT_JSON, "The body is no JSON document: " + e.getMessage() + ".");
        }
    }

    private Extraction row(Event event, long organization, long epoch) throws IOException {
        Optional<String> remoteKey = remoteKey();
        if (remoteKey.isEmpty()) {
            return new Extraction.Poison(
                    Reason.NO_REMOTE_KEY,
                    "Expected a "
                            + service.key().type().sql()
                            + " of at most "
                            + LONGEST_KEY_BYTES
                            + " bytes at "
                            + service.key().pointer()
                            + " of the resource, found "
                            + described(key)
                            + ".");
        }
        List<String> drift = new ArrayList<>(0);
        String[] cells = new String[columns.size()];
        boolean complete = true;
        for (int i = 0; i < cells.length; i++) {
            PlacedColumn placed = columns.get(i);
            complete &= !placed.isRequired() || values.present(placed.resource());
            cells[i] = cell(placed, drift);
        }
        Operation operation =
                !isDelete()
                        ? Operation.UPSERT
                        : complete ? Operation.DELETE : Operation.DELETE_BY_KEY;
        byte[] data = values.clean(resource);
        String deliveryId = service.deliveryId() == null ? null : values.text(service.deliveryId());
        RowUpdate update =
                new RowUpdate(
                        organization,
                        event.integration(),
                        epoch,
                        definitionHash,
                        remoteKey.get(),
                        new Version(versionTime(event), rank(event, operation), event.id()),
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

    private Optional<String> remoteKey() {
        JsonToken kind = values.kind(key);
        if (kind == null || !kind.isScalarValue() || kind == JsonToken.VALUE_NULL) {
            return Optional.empty();
        }
        return CellText.of(service.key().type(), kind, values.text(key))
                .filter(text -> !text.isBlank())
                .filter(
                        text ->
                                text.length() <= LONGEST_KEY_BYTES / 3
                                        || text.getBytes(StandardCharsets.UTF_8).length
                                                <= LONGEST_KEY_BYTES);
    }

    private String cell(PlacedColumn placed, List<String> drift) throws IOException {
        Column column = placed.column();
        Place place =
                placed.event() != null && values.isWrapped() && values.present(placed.event())
                        ? placed.event()
                        : placed.resource();
        JsonToken kind = values.kind(place);
        if (kind == JsonToken.VALUE_NULL) {
            return null;
        }
        Optional<String> text = kind == null ? Optional.empty() : text(column, place, kind);
        if (text.isEmpty() && (kind != null || placed.isRequired())) {
            drift.add(column.name());
        }
        return text.orElse(null);
    }

    private Optional<String> text(Column column, Place place, JsonToken kind) throws IOException {
        if (column.convert() != null) {
            return kind.isScalarValue()
                    ? TimeText.sinceEpoch(values.text(place), column.convert().unit())
                            .map(TimeText::sql)
                    : Optional.empty();
        }
        if (kind.isScalarValue()) {
            return CellText.of(column.type(), kind, values.text(place));
        }
        if (column.type().isArray()) {
            return values.array(column, place);
        }
        return switch (column.type()) {
            case JSONB, TEXT ->
                    Optional.of(new String(values.clean(place), StandardCharsets.UTF_8));
            default -> Optional.empty();
        };
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
        return event.origin() == Origin.BACKFILL
                ? Math.floorDiv(event.receivedAtMicros() - STALENESS_MARGIN_MICROS, 1_000_000)
                        * 1_000_000
                : event.receivedAtMicros();
    }

    private static Rank rank(Event event, Operation operation) {
        if (operation != Operation.UPSERT) {
            return Rank.DELETE;
        }
        return event.origin() == Origin.BACKFILL ? Rank.POLL : Rank.PUSH;
    }

    private boolean isObject(Place place) {
        return values.kind(place) == JsonToken.START_OBJECT;
    }

    private String described(Place place) {
        JsonToken kind = values.kind(place);
        return kind == null ? "nothing" : kind.toString();
    }

    /** A column and the places its value may stand at; {@code event} may be null. */
    private record PlacedColumn(Column column, Place resource, Place event) {
        boolean isRequired() {
            return column.presence() == Column.Presence.REQUIRED && event == null;
        }
    }
}
