package io.webhookdb.connectors.sync;

import static io.webhookdb.schemas.row.TableSql.qualified;
import static io.webhookdb.schemas.row.TableSql.quoted;

import io.webhookdb.schemas.catalog.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** SQL that keeps a table at a Postgres target equal to a replica table. */
final class PostgresSyncSql {
    static final String CREATE_STAGE =
            "CREATE TEMPORARY TABLE IF NOT EXISTS webhookdb_stage (pk bigint, k text, v bytea,"
                    + " d timestamptz, r json, j jsonb) ON COMMIT DELETE ROWS";
    static final String COPY_STAGE =
            "COPY pg_temp.webhookdb_stage (pk, k, v, d, r, j) FROM STDIN (FORMAT csv)";

    /** Until the end of the transaction; tables of one schema may make the schema, too. */
    static final String LOCK =
            "SELECT pg_advisory_xact_lock(hashtextextended('webhookdb sync targets ' || ?,"
                    + " 0))::text";

    static final String SCHEMA_EXISTS = "SELECT 1 FROM pg_namespace WHERE nspname = ?";
    static final String COLUMNS =
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid ="
                    + " to_regclass(?) AND attnum > 0 AND NOT attisdropped";

    private final SyncTable table;
    private final Map<String, String> columns = new LinkedHashMap<>();

    /** Named for its columns: behind a pooler the session may have one of another target's. */
    private final String typedStage;

    PostgresSyncSql(SyncTable table) {
        this.table = table;
        this.typedStage =
                "webhookdb_rows_"
                        + Integer.toHexString(CopyRows.columns(table).toString().hashCode());
        columns.put("pk", "bigint");
        columns.put(table.service().key().column(), table.service().key().type().sql());
        for (Column column : table.service().columns()) {
            columns.put(column.name(), column.type().sql());
        }
        columns.put("_version", "bytea");
        columns.put("_synced_at", "timestamptz");
        columns.put("_deleted_at", "timestamptz");
        if (table.hasResource()) {
            columns.put("data", "jsonb");
        }
    }

    String name() {
        return qualified(table.schema(), table.table());
    }

    String createSchema() {
        return "CREATE SCHEMA IF NOT EXISTS " + quoted(table.schema());
    }

    String createTable() {
        List<String> definitions = new ArrayList<>();
        columns.forEach((name, type) -> definitions.add(quoted(name) + " " + type));
        // What is copied into the table without a stage does not say it.
        definitions.replaceAll(
                one -> one.startsWith("\"_synced_at\" ") ? one + " DEFAULT now()" : one);
        definitions.set(1, definitions.get(1) + " UNIQUE NOT NULL");
        return "CREATE TABLE IF NOT EXISTS " + name() + " (" + String.join(", ", definitions) + ")";
    }

    /** One statement per column the table lacks. */
    List<String> addColumns(Set<String> present) {
        List<String> statements = new ArrayList<>();
        columns.forEach(
                (name, type) -> {
                    if (!present.contains(name)) {
                        statements.add(
                                "ALTER TABLE "
                                        + name()
                                        + " ADD COLUMN IF NOT EXISTS "
                                        + quoted(name)
                                        + " "
                                        + type);
                    }
                });
        return statements;
    }

    /** Whether the table's columns, name to type, are exactly of the catalogue's types. */
    boolean isTyped(Map<String, String> present) {
        return columns.entrySet().stream()
                .allMatch(
                        column -> printed(column.getValue()).equals(present.get(column.getKey())));
    }

    private static String printed(String type) {
        return type.equals("timestamptz") ? "timestamp with time zone" : type;
    }

    String dropTypedStage() {
        return "DROP TABLE IF EXISTS pg_temp." + typedStage;
    }

    /** A stage of the table's own types, for {@link CopyRows}. */
    String createTypedStage() {
        return "CREATE TEMPORARY TABLE "
                + typedStage
                + " ("
                + CopyRows.columns(table).entrySet().stream()
                        .map(column -> quoted(column.getKey()) + " " + column.getValue())
                        .collect(Collectors.joining(", "))
                + ") ON COMMIT DELETE ROWS";
    }

    String copyTypedStage() {
        return copy("pg_temp." + typedStage);
    }

    /** Straight into the table, which is to have none of the rows. */
    String copyTable() {
        return copy(name());
    }

    private String copy(String to) {
        return "COPY " + to + " (" + copied() + ") FROM STDIN (FORMAT binary)";
    }

    private String copied() {
        return CopyRows.columns(table).keySet().stream()
                .map(name -> quoted(name))
                .collect(Collectors.joining(", "));
    }

    /** {@link #merge} from the typed stage, whose rows are in order. */
    String mergeTyped() {
        return "INSERT INTO "
                + name()
                + " AS t ("
                + copied()
                + ", _synced_at)\nSELECT "
                + copied()
                + ", clock_timestamp() FROM pg_temp."
                + typedStage
                + onConflict();
    }

    /**
     * Stage to table: new rows, and known ones unless the table has a newer version. The server
     * reads the cells out of the row's JSON by the table's own column types. In order of keys, so
     * that two writers cannot lock each other out.
     */
    String merge() {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (String column : columns.keySet()) {
            names.add(quoted(column));
            values.add(value(column));
        }
        return "INSERT INTO "
                + name()
                + " AS t ("
                + String.join(", ", names)
                + ")\nSELECT "
                + String.join(", ", values)
                + "\n"
                + "FROM (SELECT DISTINCT ON (k) * FROM pg_temp.webhookdb_stage ORDER BY k, v DESC)"
                + " s\n"
                + "CROSS JOIN LATERAL json_populate_record(NULL::"
                + name()
                + ", s.r) p\nORDER BY s.k"
                + onConflict();
    }

    private String onConflict() {
        return "\nON CONFLICT ("
                + quoted(table.service().key().column())
                + ") DO UPDATE SET "
                + columns.keySet().stream()
                        .map(name -> quoted(name) + " = excluded." + quoted(name))
                        .collect(Collectors.joining(", "))
                + "\nWHERE t._version IS NULL OR t._version <= excluded._version";
    }

    /** After {@link #merge}, where deleted rows are to go: a later version of a row stays. */
    String remove() {
        String key = quoted(table.service().key().column());
        return "DELETE FROM "
                + name()
                + " t USING pg_temp.webhookdb_stage s WHERE s.d IS NOT NULL AND t."
                + key
                + " = s.k::"
                + table.service().key().type().sql()
                + " AND t._version <= s.v";
    }

    /** The same after {@link #mergeTyped}. */
    String removeTyped() {
        String key = quoted(table.service().key().column());
        return "DELETE FROM "
                + name()
                + " t USING pg_temp."
                + typedStage
                + " s WHERE s._deleted_at IS NOT NULL AND t."
                + key
                + " = s."
                + key
                + " AND t._version <= s._version";
    }

    private String value(String column) {
        return switch (column) {
            case "pk" -> "s.pk";
            case "_version" -> "s.v";
            case "_synced_at" -> "clock_timestamp()";
            case "_deleted_at" -> "s.d";
            case "data" -> "s.j";
            default ->
                    column.equals(table.service().key().column())
                            ? "s.k::" + table.service().key().type().sql()
                            : "p." + quoted(column);
        };
    }
}
