package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * The column that identifies a resource at the vendor: unique and never null. It is read from one
 * place, or composed of several where the vendor has no single id.
 *
 * @param column column name
 * @param type column type
 * @param pointer JSON Pointer into the resource; null for a composed key
 * @param parts what a composed key consists of, in order: each the first of its JSON Pointers that
 *     has a scalar; a part without one leaves the resource without a key. Empty for a plain key
 * @param separator literal text between the parts; empty by default
 * @param form how the joined parts become the key; null is {@link Form#TEXT}
 * @param generated what makes the key where the resource has none; null: the resource has one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RemoteKey(
        String column,
        ColumnType type,
        String pointer,
        List<List<String>> parts,
        String separator,
        Form form,
        Generated generated) {

    public RemoteKey {
        parts = parts == null ? List.of() : parts.stream().map(List::copyOf).toList();
        separator = separator == null ? "" : separator;
        form = form == null ? Form.TEXT : form;
    }

    /** A plain key. */
    public RemoteKey(String column, ColumnType type, String pointer) {
        this(column, type, pointer, null, null, null, null);
    }

    /**
     * The same column, read from elsewhere.
     *
     * @param place JSON Pointer into the resource, or {@link #REQUEST}
     */
    public RemoteKey at(String place) {
        return place.equals(REQUEST)
                ? new RemoteKey(column, type, null, null, null, null, Generated.EVENT_ID)
                : new RemoteKey(column, type, place);
    }

    /** Stands for a pointer: nothing identifies a resource, every request is one of its own. */
    public static final String REQUEST = "request";

    /** Whether the key is put together from parts. */
    public boolean composed() {
        return !parts.isEmpty();
    }

    /** What makes a key that the resource does not have. */
    public enum Generated {
        /** The id of the event: every request is a row of its own, also when it is replayed. */
        EVENT_ID
    }

    /** What the joined parts become. */
    public enum Form {
        /** The joined text itself. */
        TEXT,
        /** The MD5 of the joined text, read as a UUID. An identity, not a protection. */
        MD5_UUID
    }
}
