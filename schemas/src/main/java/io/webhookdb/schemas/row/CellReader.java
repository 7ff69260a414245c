package io.webhookdb.schemas.row;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.Fallback;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Reads the cell of one column out of a request. */
final class CellReader {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final RequestValues values;
    private final Column column;
    private final Place event;
    private final Place place;
    private final Place[] alternatives;
    private final Place fallback;
    private final CellEditor editor;

    CellReader(RequestValues values, Column column) {
        this.values = values;
        this.column = column;
        this.event =
                column.eventPointer() == null ? null : values.eventPlace(column.eventPointer());
        this.place = values.resourcePlace(column.pointer());
        this.alternatives =
                column.alternatives().stream().map(values::resourcePlace).toArray(Place[]::new);
        this.fallback =
                column.fallback() == null || column.fallback().pointer() == null
                        ? null
                        : values.resourcePlace(column.fallback().pointer());
        this.editor = CellEditor.of(column);
    }

    /** Whether a resource without this value is not the whole resource. */
    boolean isRequired() {
        return column.presence() == Column.Presence.REQUIRED
                && event == null
                && alternatives.length == 0
                && column.fallback() == null;
    }

    /** Whether the vendor sent a value, or null. */
    boolean present() {
        return values.present(place);
    }

    /**
     * The cell in Postgres text form; null for NULL.
     *
     * @param times when the event was received and what the row's version time is
     * @param drift takes the column's name if what is there does not fit, or should be there
     */
    String cell(Times times, List<String> drift) throws IOException {
        Place found = found();
        JsonToken kind = values.kind(found);
        if (kind == null || kind == JsonToken.VALUE_NULL) {
            if (column.fallback() != null) {
                return fallback(column.fallback(), times, drift);
            }
            if (kind == null && isRequired()) {
                drift.add(column.name());
            }
            return null;
        }
        return fitted(found, kind, drift);
    }

    private Place found() {
        if (event != null && values.present(event)) {
            return event;
        }
        if (alternatives.length == 0 || hasValue(place)) {
            return place;
        }
        for (Place alternative : alternatives) {
            if (hasValue(alternative)) {
                return alternative;
            }
        }
        return place;
    }

    private boolean hasValue(Place candidate) {
        JsonToken kind = values.kind(candidate);
        return kind != null && kind != JsonToken.VALUE_NULL;
    }

    private String fallback(Fallback rule, Times times, List<String> drift) throws IOException {
        if (!holds(rule)) {
            return null;
        }
        if (fallback != null) {
            return hasValue(fallback) ? fitted(fallback, values.kind(fallback), drift) : null;
        }
        return switch (rule.value()) {
            case RECEIVED_AT -> TimeText.sql(TimeText.ofMicros(times.receivedMicros()));
            case VERSION_TIME -> TimeText.sql(TimeText.ofMicros(times.versionMicros()));
            case FALSE -> "false";
            case EMPTY_LIST -> "{}";
        };
    }

    private boolean holds(Fallback rule) {
        return (rule.when() == null || values.passes(rule.when()))
                && (rule.unless() == null || !values.passes(rule.unless()));
    }

    private String fitted(Place found, JsonToken kind, List<String> drift) throws IOException {
        Optional<String> text = text(found, kind);
        if (text.isEmpty()) {
            drift.add(column.name());
        }
        return text.orElse(null);
    }

    private Optional<String> text(Place found, JsonToken kind) throws IOException {
        if (kind.isScalarValue()) {
            return editor == null
                    ? CellText.of(column.type(), kind, values.text(found))
                    : editor.cell(kind, values.text(found));
        }
        if (column.type().isArray()) {
            return values.array(column, found);
        }
        if (editor != null) {
            return Optional.empty();
        }
        if (column.pluck() != null && kind == JsonToken.START_OBJECT) {
            return plucked(MAPPER.readTree(values.clean(found)).at(column.pluck()));
        }
        return switch (column.type()) {
            case JSONB, TEXT ->
                    Optional.of(new String(values.clean(found), StandardCharsets.UTF_8));
            default -> Optional.empty();
        };
    }

    /** A scalar of the object that stands where its id is expected. */
    private Optional<String> plucked(JsonNode value) {
        return value.isValueNode() && !value.isNull()
                ? CellText.of(column.type(), value.asToken(), value.asText())
                : Optional.empty();
    }

    /**
     * Times a cell may take instead of a value of its own.
     *
     * @param receivedMicros microseconds since the epoch
     * @param versionMicros microseconds since the epoch
     */
    record Times(long receivedMicros, long versionMicros) {}
}
