package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.temporal.ChronoUnit;

/**
 * One column copied out of the resource.
 *
 * @param name column name
 * @param type column type
 * @param pointer JSON Pointer into the resource
 * @param eventPointer JSON Pointer into the vendor's event; wins when the resource was wrapped; may
 *     be null
 * @param convert how the JSON value becomes the column's value; null: by type alone
 * @param pluck for array types: JSON Pointer into each element of the array at {@code pointer};
 *     null: the elements themselves
 * @param presence whether the vendor always sends it; null is {@link Presence#REQUIRED}
 * @param index index on this column; null is {@link Index#NONE}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Column(
        String name,
        ColumnType type,
        String pointer,
        String eventPointer,
        Conversion convert,
        String pluck,
        Presence presence,
        Index index) {

    public Column {
        presence = presence == null ? Presence.REQUIRED : presence;
        index = index == null ? Index.NONE : index;
    }

    /** Conversions beyond what the types imply. */
    public enum Conversion {
        /** Seconds since the epoch, fractions allowed, to a timestamp. */
        UNIX_SECONDS(ChronoUnit.SECONDS),
        /** Milliseconds since the epoch to a timestamp. */
        UNIX_MILLISECONDS(ChronoUnit.MILLIS);

        private final ChronoUnit unit;

        Conversion(ChronoUnit unit) {
            this.unit = unit;
        }

        /** What the number counts. */
        public ChronoUnit unit() {
            return unit;
        }
    }

    /** Whether absence is worth a warning. Either way the column is NULL then. */
    public enum Presence {
        REQUIRED,
        OPTIONAL
    }

    /** Single-column indexes. */
    public enum Index {
        NONE,
        ALL,
        /** Partial, {@code WHERE column IS NOT NULL}. */
        NOT_NULL
    }
}
