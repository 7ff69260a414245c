package io.webhookdb.schemas.row;

import com.fasterxml.jackson.core.JsonToken;
import io.webhookdb.schemas.catalog.RemoteKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads or composes the remote key of a resource. */
final class KeyReader {
    /** An index entry of Postgres holds about 2,700 bytes. */
    static final int LONGEST_BYTES = 2_000;

    private final RequestValues values;
    private final RemoteKey key;
    private final Place place;
    private final List<List<Place>> parts;

    KeyReader(RequestValues values, RemoteKey key) {
        this.values = values;
        this.key = key;
        this.place = key.pointer() == null ? null : values.resourcePlace(key.pointer());
        this.parts =
                key.parts().stream()
                        .map(part -> part.stream().map(values::resourcePlace).toList())
                        .toList();
    }

    /** The key as text of its column's type; empty if the resource has none that fits. */
    Optional<String> key() {
        if (key.generated() != null) {
            return Optional.of(generated().toString());
        }
        return (key.composed() ? composed() : plain())
                .filter(text -> !text.isBlank())
                .filter(
                        text ->
                                text.length() <= LONGEST_BYTES / 3
                                        || text.getBytes(StandardCharsets.UTF_8).length
                                                <= LONGEST_BYTES);
    }

    /** The event's id; the elements of a list after the first have ids made of it. */
    private UUID generated() {
        int index = values.index();
        return index == 0 ? values.eventId() : uuid(values.eventId() + "/" + index);
    }

    private Optional<String> plain() {
        JsonToken kind = values.kind(place);
        return kind == null || !kind.isScalarValue() || kind == JsonToken.VALUE_NULL
                ? Optional.empty()
                : CellText.of(key.type(), kind, values.text(place));
    }

    private Optional<String> composed() {
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            String part = first(parts.get(i));
            if (part == null) {
                return Optional.empty();
            }
            joined.append(i == 0 ? "" : key.separator()).append(part);
        }
        return switch (key.form()) {
            case TEXT -> CellText.of(key.type(), JsonToken.VALUE_STRING, joined.toString());
            case MD5_UUID -> Optional.of(uuid(joined.toString()).toString());
        };
    }

    private String first(List<Place> candidates) {
        for (Place candidate : candidates) {
            String text = values.scalar(candidate);
            if (text != null && !text.isBlank()) {
                return text;
            }
        }
        return null;
    }

    private static UUID uuid(String text) {
        ByteBuffer digest = ByteBuffer.wrap(ContentHash.md5(text.getBytes(StandardCharsets.UTF_8)));
        return new UUID(digest.getLong(), digest.getLong());
    }

    /** What was expected and what was found, for a person, without payload. */
    String complaint() {
        return "Expected a "
                + key.type().sql()
                + " of at most "
                + LONGEST_BYTES
                + " bytes at "
                + (key.composed() ? key.parts() : key.pointer())
                + " of the resource, found "
                + (key.composed() ? "less" : described())
                + ".";
    }

    private String described() {
        JsonToken kind = values.kind(place);
        return kind == null ? "nothing" : kind.toString();
    }
}
