package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** Types a replica column may have. The word is both the catalogue's and Postgres's. */
public enum ColumnType {
    BIGINT("bigint"),
    BIGINT_ARRAY("bigint[]"),
    BOOLEAN("boolean"),
    DATE("date"),
    DOUBLE("double precision"),
    INTEGER("integer"),
    INTEGER_ARRAY("integer[]"),
    JSONB("jsonb"),
    NUMERIC("numeric"),
    TEXT("text"),
    TEXT_ARRAY("text[]"),
    TIMESTAMPTZ("timestamptz"),
    UUID("uuid");

    private final String sql;

    ColumnType(String sql) {
        this.sql = sql;
    }

    /** Type name as written in SQL and in the catalogue. */
    @JsonValue
    public String sql() {
        return sql;
    }

    /** Whether values are lists. */
    public boolean isArray() {
        return element() != this;
    }

    /** The type of one element; the type itself when it is no array. */
    public ColumnType element() {
        return switch (this) {
            case BIGINT_ARRAY -> BIGINT;
            case INTEGER_ARRAY -> INTEGER;
            case TEXT_ARRAY -> TEXT;
            default -> this;
        };
    }

    /**
     * Parses {@link #sql()}.
     *
     * @throws IllegalArgumentException naming the value and the allowed types
     */
    @JsonCreator
    public static ColumnType of(String sql) {
        for (ColumnType type : values()) {
            if (type.sql.equals(sql)) {
                return type;
            }
        }
        throw new IllegalArgumentException(
                "Unknown column type \""
                        + sql
                        + "\". Allowed: "
                        + Arrays.stream(values()).map(ColumnType::sql).toList());
    }
}
