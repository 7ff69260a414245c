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
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RemoteKey(
        String column,
        ColumnType type,
        String pointer,
        List<List<String>> parts,
        String separator,
        Form form) {

    public RemoteKey {
        parts = parts == null ? List.of() : parts.stream().map(List::copyOf).toList();
        separator = separator == null ? "" : separator;
        form = form == null ? Form.TEXT : form;
    }

    /** A plain key. */
    public RemoteKey(String column, ColumnType type, String pointer) {
        this(column, type, pointer, null, null, null);
    }

    /** Whether the key is put together from parts. */
    public boolean composed() {
        return !parts.isEmpty();
    }

    /** What the joined parts become. */
    public enum Form {
        /** The joined text itself. */
        TEXT,
        /** The MD5 of the joined text, read as a UUID. An identity, not a protection. */
        MD5_UUID
    }
}
