package io.webhookdb.connectors.sync.redshift;

import static io.webhookdb.schemas.row.TableSql.qualified;
import static io.webhookdb.schemas.row.TableSql.quoted;

import io.webhookdb.connectors.sync.SyncTable;
import io.webhookdb.connectors.sync.warehouse.CellLimits;
import io.webhookdb.connectors.sync.warehouse.WarehouseColumn;
import io.webhookdb.schemas.control.SyncTargetSettings.Deletes;
import io.webhookdb.security.connection.RedshiftUrl.Staging;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * SQL that keeps a table in Redshift equal to a replica table. Redshift folds names to lower case
 * even in quotes, unless a session asks otherwise (Database Developer Guide, "Names and
 * identifiers"); they are folded here, so that both ways give the same name.
 */
final class RedshiftSql {
    static final String SCHEMA_EXISTS = "SELECT nspname FROM pg_namespace WHERE nspname = ?";
    static final String COLUMNS =
            "SELECT column_name FROM information_schema.columns"
                    + " WHERE table_schema = ? AND table_name = ?";

    private static final String TEXT = "VARCHAR(65535)";
    private static final String RANK = "webhookdb_rank";

    private final String schema;
    private final String table;
    private final String key;
    private final List<WarehouseColumn> columns;
    private final Deletes deletes;
    private final String stage;

    /**
     * @param page a number no page of the same session had: names the temporary table
     */
    RedshiftSql(SyncTable table, long page) {
        this.schema = folded(table.schema());
        this.table = folded(table.table());
        this.key = quoted(folded(table.service().key().column()));
        this.columns = WarehouseColumn.of(table);
        this.deletes = table.deletes();
        this.stage = quoted("webhookdb_stage_" + page);
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
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
        return "CREATE TABLE IF NOT EXISTS " + name() + " (" + each(this::definition) + ")";
    }

    /** One statement per column the table lacks. */
    List<String> addColumns(Set<String> present) {
        return columns.stream()
                .filter(column -> !present.contains(folded(column.name())))
                .map(column -> "ALTER TABLE " + name() + " ADD COLUMN " + definition(column))
                .toList();
    }

    /** For COPY, which reads text by the column's type. */
    String createTypedStage() {
        return "CREATE TEMP TABLE " + stage + " (" + each(this::definition) + ")";
    }

    /** For values that are bound as text. */
    String createTextStage() {
        return "CREATE TEMP TABLE "
                + stage
                + " ("
                + each(column -> name(column) + " " + TEXT)
                + ")";
    }

    String dropStage() {
        return "DROP TABLE " + stage;
    }

    String countStage() {
        return "SELECT COUNT(*) FROM " + stage;
    }

    /** One row, all of it text. */
    String insertText() {
        return "INSERT INTO "
                + stage
                + " ("
                + each(this::name)
                + ") VALUES ("
                + each(column -> "?")
                + ")";
    }

    /**
     * Files to the temporary table: all rows, or none and an error. A secret where the bucket is
     * read with an access key; Redshift keeps it out of its logs.
     *
     * @param manifest key of the list of files
     * @param nullWord what stands for NULL
     */
    String copy(Staging from, String manifest, String nullWord) {
        String credentials =
                from.role().isEmpty()
                        ? "ACCESS_KEY_ID '"
                                + from.key()
                                + "' SECRET_ACCESS_KEY '"
                                + from.secret()
                                + "'"
                        : "IAM_ROLE '" + from.role() + "'";
        return "COPY "
                + stage
                + " ("
                + each(this::name)
                + ") FROM 's3://"
                + from.bucket()
                + "/"
                + manifest
                + "' "
                + credentials
                + " REGION '"
                + from.region()
                + "' MANIFEST FORMAT AS CSV GZIP NULL AS '"
                + nullWord
                + "' DATEFORMAT 'auto' TIMEFORMAT 'auto' COMPUPDATE OFF STATUPDATE OFF";
    }

    /** Rows of the table that the temporary table has as new or newer. */
    String deleteOlder() {
        String version = quoted(WarehouseColumn.VERSION);
        return "DELETE FROM "
                + name()
                + " USING "
                + stage
                + " WHERE "
                + quoted(table)
                + "."
                + key
                + " = "
                + stage
                + "."
                + key
                + " AND ("
                + quoted(table)
                + "."
                + version
                + " IS NULL OR "
                + quoted(table)
                + "."
                + version
                + " <= "
                + stage
                + "."
                + version
                + ")";
    }

    /**
     * The newest of each row, unless the table still has one: that is newer; and unless it is
     * deleted, where deleted rows are to go.
     */
    String insertTyped() {
        return insert(column -> "f." + name(column));
    }

    /** The same from text. */
    String insertFromText() {
        return insert(RedshiftSql::cast);
    }

    private String insert(Function<WarehouseColumn, String> value) {
        return "INSERT INTO "
                + name()
                + " ("
                + each(this::name)
                + ") SELECT "
                + each(value)
                + " FROM (SELECT "
                + each(this::name)
                + ", ROW_NUMBER() OVER (PARTITION BY "
                + key
                + " ORDER BY "
                + quoted(WarehouseColumn.VERSION)
                + " DESC) AS "
                + RANK
                + " FROM "
                + stage
                + ") f WHERE f."
                + RANK
                + " = 1 AND NOT EXISTS (SELECT 1 FROM "
                + name()
                + " t WHERE t."
                + key
                + " = f."
                + key
                + ")"
                + (deletes == Deletes.REMOVED
                        ? " AND f." + quoted(WarehouseColumn.DELETED_AT) + " IS NULL"
                        : "");
    }

    private String name() {
        return qualified(schema, table);
    }

    private String name(WarehouseColumn column) {
        return quoted(folded(column.name()));
    }

    private String each(Function<WarehouseColumn, String> form) {
        return columns.stream().map(form).collect(Collectors.joining(", "));
    }

    private String definition(WarehouseColumn column) {
        return name(column) + " " + type(column);
    }

    private static String cast(WarehouseColumn column) {
        String text = "f." + quoted(folded(column.name()));
        String type = type(column);
        return switch (type) {
            case TEXT -> text;
            case "SUPER" -> "JSON_PARSE(" + text + ")";
            // There is no cast from text to boolean.
            case "BOOLEAN" -> "(" + text + " = 'true')";
            default -> "CAST(" + text + " AS " + type + ")";
        };
    }

    private static String type(WarehouseColumn column) {
        if (column.isJson()) {
            return "SUPER";
        }
        return switch (column.type()) {
            case BIGINT -> "BIGINT";
            case INTEGER -> "INTEGER";
            case NUMERIC -> "DECIMAL(" + CellLimits.PRECISION + ", " + CellLimits.SCALE + ")";
            case BOOLEAN -> "BOOLEAN";
            case DATE -> "DATE";
            case DOUBLE -> "DOUBLE PRECISION";
            case TIMESTAMPTZ -> "TIMESTAMPTZ";
            default -> TEXT;
        };
    }
}
