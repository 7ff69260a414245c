package io.webhookdb.connectors.sync.snowflake;

import io.webhookdb.connectors.sync.SyncTable;
import io.webhookdb.connectors.sync.warehouse.CellLimits;
import io.webhookdb.connectors.sync.warehouse.WarehouseColumn;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.control.SyncTargetSettings.Deletes;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * SQL that keeps a table in Snowflake equal to a replica table. Names in lower case become names in
 * upper case, which is what a reader who writes them without quotes means (Snowflake SQL reference,
 * "Identifier requirements"); other names stay as they are.
 */
final class SnowflakeSql {
    static final String SCHEMA_EXISTS =
            "SELECT SCHEMA_NAME FROM INFORMATION_SCHEMA.SCHEMATA WHERE SCHEMA_NAME = ?";
    static final String COLUMNS =
            "SELECT COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS"
                    + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?";

    private static final Pattern FOLDED = Pattern.compile("[a-z_][a-z0-9_$]*");
    private static final String RANK = "\"WEBHOOKDB_RANK\"";

    private final String database;
    private final String schema;
    private final String table;
    private final String key;
    private final List<WarehouseColumn> columns;
    private final Deletes deletes;

    SnowflakeSql(String database, String schema, SyncTable table) {
        this.database = name(database);
        this.schema = name(schema);
        this.table = name(table.table());
        this.key = quoted(name(table.service().key().column()));
        this.columns = WarehouseColumn.of(table);
        this.deletes = table.deletes();
    }

    /** The name as Snowflake keeps it. */
    static String name(String name) {
        return FOLDED.matcher(name).matches() ? name.toUpperCase(java.util.Locale.ROOT) : name;
    }

    static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    String schema() {
        return schema;
    }

    String table() {
        return table;
    }

    String createSchema() {
        return "CREATE SCHEMA IF NOT EXISTS " + quoted(schema);
    }

    String createTable() {
        return "CREATE TABLE IF NOT EXISTS " + in(table) + " (" + definitions() + ")";
    }

    /** One statement per column the table lacks. */
    List<String> addColumns(Set<String> present) {
        return columns.stream()
                .filter(column -> !present.contains(name(column.name())))
                .map(
                        column ->
                                "ALTER TABLE "
                                        + in(table)
                                        + " ADD COLUMN IF NOT EXISTS "
                                        + quoted(name(column.name()))
                                        + " "
                                        + type(column))
                .toList();
    }

    /** Gone with the session, files included. */
    String createFiles() {
        return "CREATE TEMPORARY STAGE IF NOT EXISTS " + files();
    }

    String createStage() {
        return "CREATE OR REPLACE TEMPORARY TABLE " + stage() + " (" + definitions() + ")";
    }

    /** Local file to the stage, as it is. */
    String put(String path) {
        return "PUT 'file://"
                + path.replace("\\", "\\\\").replace("'", "\\'")
                + "' @"
                + files()
                + " SOURCE_COMPRESSION = GZIP AUTO_COMPRESS = FALSE OVERWRITE = TRUE";
    }

    /** Files to the temporary table: all rows, or none and an error. */
    String copy(List<String> names) {
        StringBuilder values = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            String value = "$" + (i + 1);
            values.append(i == 0 ? "" : ", ")
                    .append(columns.get(i).isJson() ? "PARSE_JSON(" + value + ")" : value);
        }
        return "COPY INTO "
                + stage()
                + " ("
                + names("")
                + ") FROM (SELECT "
                + values
                + " FROM @"
                + files()
                + ") FILES = ("
                + names.stream().map(file -> "'" + file + "'").collect(Collectors.joining(", "))
                + ") FILE_FORMAT = (TYPE = CSV COMPRESSION = GZIP"
                + " FIELD_OPTIONALLY_ENCLOSED_BY = '\"' ESCAPE = NONE"
                + " ESCAPE_UNENCLOSED_FIELD = NONE EMPTY_FIELD_AS_NULL = TRUE NULL_IF = ())"
                + " ON_ERROR = ABORT_STATEMENT PURGE = TRUE";
    }

    /**
     * New rows, and known ones unless the table has a newer version; where deleted rows are to go,
     * they go by the same statement.
     */
    String merge() {
        String version = quoted(name(WarehouseColumn.VERSION));
        String older = "(t." + version + " IS NULL OR t." + version + " <= s." + version + ")";
        String gone = "s." + quoted(name(WarehouseColumn.DELETED_AT));
        boolean removes = deletes == Deletes.REMOVED;
        String updates =
                columns.stream()
                        .map(column -> quoted(name(column.name())))
                        .map(name -> name + " = s." + name)
                        .collect(Collectors.joining(", "));
        return "MERGE INTO "
                + in(table)
                + " t USING (SELECT * FROM (SELECT f.*, ROW_NUMBER() OVER (PARTITION BY f."
                + key
                + " ORDER BY f."
                + version
                + " DESC) AS "
                + RANK
                + " FROM "
                + stage()
                + " f) r WHERE "
                + RANK
                + " = 1) s ON t."
                + key
                + " = s."
                + key
                + (removes
                        ? " WHEN MATCHED AND " + older + " AND " + gone + " IS NOT NULL THEN DELETE"
                        : "")
                + " WHEN MATCHED AND "
                + older
                + " THEN UPDATE SET "
                + updates
                + " WHEN NOT MATCHED"
                + (removes ? " AND " + gone + " IS NULL" : "")
                + " THEN INSERT ("
                + names("")
                + ") VALUES ("
                + names("s.")
                + ")";
    }

    private String stage() {
        return in("WEBHOOKDB_STAGE");
    }

    private String files() {
        return in("WEBHOOKDB_FILES");
    }

    private String in(String name) {
        return quoted(database) + "." + quoted(schema) + "." + quoted(name);
    }

    private String names(String prefix) {
        return columns.stream()
                .map(column -> prefix + quoted(name(column.name())))
                .collect(Collectors.joining(", "));
    }

    private String definitions() {
        return columns.stream()
                .map(column -> quoted(name(column.name())) + " " + type(column))
                .collect(Collectors.joining(", "));
    }

    private static String type(WarehouseColumn column) {
        ColumnType type = column.type();
        if (column.isJson()) {
            return "VARIANT";
        }
        return switch (type) {
            case BIGINT, INTEGER -> "NUMBER(38, 0)";
            case NUMERIC -> "NUMBER(" + CellLimits.PRECISION + ", " + CellLimits.SCALE + ")";
            case BOOLEAN -> "BOOLEAN";
            case DATE -> "DATE";
            case DOUBLE -> "FLOAT";
            case TIMESTAMPTZ -> "TIMESTAMP_TZ";
            default -> "VARCHAR";
        };
    }
}
