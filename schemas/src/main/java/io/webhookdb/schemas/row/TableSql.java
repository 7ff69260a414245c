package io.webhookdb.schemas.row;

import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Definition SQL of a replica table. Order of columns: {@code pk}, remote key, the catalogue's
 * columns, bookkeeping ({@code _version, _synced_at, _deleted_at}), {@code data} last.
 */
public final class TableSql {
    /** Packed bookkeeping, see {@link PackedVersion}. */
    public static final String VERSION = "_version";

    /** When the row was last written. */
    public static final String SYNCED_AT = "_synced_at";

    /** Version time of the delete; NULL while the row lives. */
    public static final String DELETED_AT = "_deleted_at";

    private TableSql() {}

    /** Double-quotes an identifier. */
    public static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** Schema-qualified, quoted. */
    public static String qualified(String schema, String table) {
        return quoted(schema) + "." + quoted(table);
    }

    /** {@code CREATE TABLE IF NOT EXISTS} for a service's table. */
    public static String createTable(ServiceDefinition service, String schema, String table) {
        StringBuilder sql = new StringBuilder("CREATE TABLE IF NOT EXISTS ");
        sql.append(qualified(schema, table)).append(" (\n  pk bigserial PRIMARY KEY,\n  ");
        sql.append(quoted(service.key().column()))
                .append(' ')
                .append(service.key().type().sql())
                .append(" UNIQUE NOT NULL");
        for (Column column : service.columns()) {
            sql.append(",\n  ")
                    .append(quoted(column.name()))
                    .append(' ')
                    .append(column.type().sql());
        }
        sql.append(",\n  ").append(VERSION).append(" bytea NOT NULL");
        sql.append(",\n  ").append(SYNCED_AT).append(" timestamptz NOT NULL");
        sql.append(",\n  ").append(DELETED_AT).append(" timestamptz");
        sql.append(",\n  data jsonb NOT NULL\n)");
        return sql.toString();
    }

    /**
     * {@code CREATE TABLE IF NOT EXISTS} for the keys of rows that were deleted for good. Kept
     * longer than events are, since only it knows that a late event comes too late.
     */
    public static String createTombstones(ServiceDefinition service, String schema, String table) {
        return "CREATE TABLE IF NOT EXISTS "
                + qualified(schema, tombstones(table))
                + " (\n  k "
                + service.key().type().sql()
                + " PRIMARY KEY,\n  pk bigint,\n  _version bytea NOT NULL,\n"
                + "  _deleted_at timestamptz NOT NULL\n)";
    }

    /** Name of the table of {@link #createTombstones}: internal, at most 63 bytes. */
    public static String tombstones(String table) {
        return shortened("_gone_", table, "");
    }

    /**
     * {@code CREATE INDEX IF NOT EXISTS} statements of a service's table.
     *
     * @param prefix start of the index names: the integration's opaque id
     */
    public static List<String> createIndexes(
            ServiceDefinition service, String schema, String table, String prefix) {
        List<String> statements = new ArrayList<>();
        for (Column column : service.columns()) {
            if (column.index() == Column.Index.NONE) {
                continue;
            }
            String partial =
                    column.index() == Column.Index.NOT_NULL
                            ? " WHERE " + quoted(column.name()) + " IS NOT NULL"
                            : "";
            statements.add(
                    "CREATE INDEX IF NOT EXISTS "
                            + quoted(indexName(prefix, column.name()))
                            + " ON "
                            + qualified(schema, table)
                            + " ("
                            + quoted(column.name())
                            + ")"
                            + partial);
        }
        return statements;
    }

    /** {@code <prefix>_<column>_idx}; the column as a digest where that is over 63 bytes. */
    static String indexName(String prefix, String column) {
        return shortened(prefix + "_", column, "_idx");
    }

    private static String shortened(String before, String middle, String after) {
        String name = before + middle + after;
        if (name.getBytes(StandardCharsets.UTF_8).length <= 63) {
            return name;
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(middle.getBytes(StandardCharsets.UTF_8));
            return before + HexFormat.of().formatHex(digest, 0, 8) + after;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
