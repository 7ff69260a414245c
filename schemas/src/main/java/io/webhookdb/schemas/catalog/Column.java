package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * One column copied out of the resource.
 *
 * <p>A value is found (event pointer, pointer, then the alternatives: the first that is there and
 * not null), edited, converted and fitted to the type, in that order. Where none is found the
 * fallback is the value. A value that does not fit is NULL and counted as drift, never an error.
 *
 * @param name column name
 * @param type column type
 * @param pointer JSON Pointer into the resource
 * @param eventPointer JSON Pointer into the vendor's event; wins when the resource was wrapped; may
 *     be null
 * @param convert how the JSON value becomes the column's value; null: by type alone
 * @param pluck for array types: JSON Pointer into each element of the array at {@code pointer};
 *     null: the elements themselves. For text: JSON Pointer into the object that may stand there
 *     instead of its id; null: the object as JSON
 * @param presence whether the vendor always sends it; null is {@link Presence#REQUIRED}
 * @param index index on this column; null is {@link Index#NONE}
 * @param alternatives JSON Pointers into the resource, tried in order where {@code pointer} has
 *     nothing: older and newer shapes of the same object
 * @param edit change to the text before it is converted; may be null
 * @param fallback what stands for a value that is missing or null; may be null
 * @param keep what an update does to the value already stored; null is {@link Keep#LATEST}
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
        Index index,
        List<String> alternatives,
        Edit edit,
        Fallback fallback,
        Keep keep) {

    public Column {
        presence = presence == null ? Presence.REQUIRED : presence;
        index = index == null ? Index.NONE : index;
        alternatives = alternatives == null ? List.of() : List.copyOf(alternatives);
        keep = keep == null ? Keep.LATEST : keep;
    }

    /** A column without alternatives, edit, fallback and memory. */
    public Column(
            String name,
            ColumnType type,
            String pointer,
            String eventPointer,
            Conversion convert,
            String pluck,
            Presence presence,
            Index index) {
        this(
                name,
                type,
                pointer,
                eventPointer,
                convert,
                pluck,
                presence,
                index,
                null,
                null,
                null,
                null);
    }

    /** Conversions beyond what the types imply. */
    public enum Conversion {
        /** Seconds since the epoch, fractions allowed, to a timestamp. */
        UNIX_SECONDS(ChronoUnit.SECONDS),
        /** Milliseconds since the epoch to a timestamp. */
        UNIX_MILLISECONDS(ChronoUnit.MILLIS),
        /** Seconds since the epoch, or ISO 8601 text, to a timestamp. */
        UNIX_SECONDS_OR_ISO_8601(ChronoUnit.SECONDS),
        /** The date of an e-mail (RFC 2822), or ISO 8601 text, to a timestamp. */
        RFC_2822(null),
        /** {@code 31-12-2024} to a date. */
        DAY_MONTH_YEAR(null),
        /** ISO 8601 text with any offset to the date it is in UTC. */
        UTC_DATE(null),
        /** Text to a list: cut at commas, trimmed; blank text is an empty list. */
        COMMA_SEPARATED(null),
        /**
         * Text to a signed 32-bit number: the first nine hex digits of its MD5, their low 32 bits,
         * minus 2^31. What the first WebhookDB stores for long text it indexes.
         */
        MD5_INTEGER(null);

        private final ChronoUnit unit;

        Conversion(ChronoUnit unit) {
            this.unit = unit;
        }

        /** What the number counts; null where the value is no number since the epoch. */
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

    /** What an update does to the value a row already has. */
    public enum Keep {
        /** The newest version's value counts, also when it is NULL. */
        LATEST,
        /**
         * The first value stays as long as updates bring one; an update that brings NULL clears.
         */
        FIRST,
        /** An update that brings NULL leaves the value as it is. */
        KNOWN
    }
}
