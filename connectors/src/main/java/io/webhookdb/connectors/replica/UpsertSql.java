package io.webhookdb.connectors.replica;

import static io.webhookdb.schemas.row.TableSql.quoted;

import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.row.PackedVersion;
import io.webhookdb.schemas.row.TableSql;
import io.webhookdb.schemas.row.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * The statements that write a batch of rows into one replica table.
 *
 * <p>Rows come from a stage, see {@link StagedRows}, or else from parameters that are arrays, one
 * element per row: the keys, then one array per column of the definition (all {@code text[]}), then
 * {@code _version bytea[]} packed as for an insert, {@code _deleted_at text[]} and {@code data
 * text[]}. No key may occur twice.
 *
 * <p>A row is written only if its version is at least the stored one. The result has one row per
 * row written, with its key, see {@link WrittenRows}; what is missing there was stale.
 *
 * <p>From Postgres 18 on the result also has the row as it was before. Rows come column by column,
 * see {@link RowColumns}.
 */
final class UpsertSql {
    /** First server version whose RETURNING knows {@code old}. */
    static final int RETURNS_OLD_ROWS = 18;

    private static final int HASH_AT = Version.LENGTH + 1;
    private static final int INSERTED_BY_AT = HASH_AT + PackedVersion.HASH_LENGTH;
    private static final int CHANGED_BY_AT = INSERTED_BY_AT + 16;

    private final ServiceDefinition service;
    private final String table;
    private final int serverMajor;
    private final String tombstones;
    private final RowColumns columns;
    private final String stage;

    /**
     * @param columns what to return of the rows
     * @param schema schema of the table
     * @param table its name
     * @param serverMajor major version of the server
     * @param stage where the rows are; null if they are parameters
     */
    UpsertSql(RowColumns columns, String schema, String table, int serverMajor, String stage) {
        this.service = columns.service();
        this.columns = columns;
        this.stage = stage;
        this.table = TableSql.qualified(schema, table);
        this.tombstones = TableSql.qualified(schema, TableSql.tombstones(table));
        this.serverMajor = serverMajor;
    }

    /** For rows that come with their resource, deletes with the final object included. */
    String upsert() {
        return upsert("", "");
    }

    /**
     * For rows that live, in a table whose deleted rows are gone: a key among the tombstones is
     * written only at a strictly newer time, and leaves them then.
     */
    String upsertUnlessGone() {
        return upsert(
                "\nLEFT JOIN "
                        + tombstones
                        + " AS t ON t.k = u.k::"
                        + service.key().type().sql()
                        + "\nWHERE t.k IS NULL OR substring(t._version from 1 for 8)"
                        + " < substring(u.v from 1 for 8)",
                ", revived AS (DELETE FROM "
                        + tombstones
                        + " AS t USING written w WHERE t.k = w.k)");
    }

    /**
     * For deletes in a table whose deleted rows are gone. Parameters: keys {@code text[]}, {@code
     * _version bytea[]}, {@code _deleted_at text[]}. What is gone already is announced with its key
     * alone.
     */
    String deleteForGood() {
        String key = quoted(service.key().column());
        return "WITH u AS (SELECT i.k::"
                + service.key().type().sql()
                + " AS k, i.v, i.d::timestamptz AS d FROM unnest(?::text[], ?::bytea[], ?::text[])"
                + " AS i(k, v, d)),\n"
                + "gone AS (DELETE FROM "
                + table
                + " AS r USING u WHERE r."
                + key
                + " = u.k AND substring(r._version from 1 for 25) <= substring(u.v from 1 for 25)"
                + "\nRETURNING r.pk, u.k, r.data::text AS data"
                + columns.select("r", "n")
                + "),\n"
                + "buried AS (INSERT INTO "
                + tombstones
                + " AS t (k, pk, _version, _deleted_at)\n"
                + "SELECT u.k, g.pk, u.v, u.d FROM u LEFT JOIN gone g ON g.k = u.k\n"
                + "WHERE g.k IS NOT NULL OR NOT EXISTS (SELECT 1 FROM "
                + table
                + " AS r WHERE r."
                + key
                + " = u.k)\n"
                + "ON CONFLICT (k) DO UPDATE SET pk = coalesce(excluded.pk, t.pk), _deleted_at ="
                + " excluded._deleted_at, _version = substring(excluded._version from 1 for 25) ||"
                + " substring(t._version from 26)\n"
                + "WHERE substring(t._version from 1 for 25) <= substring(excluded._version from 1"
                + " for 25)\n"
                + "RETURNING t.k, t.pk, t._version)\n"
                + "SELECT u.k::text, coalesce(b.pk, 0), b._version, true, g.data, g.k IS NOT NULL,"
                + " NULL::bigint"
                + columns.names("g", "n")
                + "\n"
                + "FROM buried b JOIN u ON u.k = b.k LEFT JOIN gone g ON g.k = u.k";
    }

    private String upsert(String unless, String afterwards) {
        List<String> set = new ArrayList<>();
        service.columns().forEach(column -> set.add(assigned(column, kept(column.keep()))));
        set.add("_version = " + version("substring(excluded._version from 1 for %d)", HASH_END));
        set.add("data = excluded.data");
        return statement(set, "NULL::text", unless, afterwards);
    }

    /** For deletes that bring only the key: columns without a value and data stay as they are. */
    String deleteByKey() {
        List<String> set = new ArrayList<>();
        service.columns()
                .forEach(column -> set.add(assigned(column, "coalesce(excluded.%1$s, r.%1$s)")));
        set.add("_version = " + keptContentVersion());
        return statement(set, "r.data::text", "", "");
    }

    /** As {@link io.webhookdb.schemas.row.KeptCells} merges what never reached the table. */
    private static String kept(Column.Keep keep) {
        return switch (keep) {
            case LATEST -> "excluded.%1$s";
            case FIRST ->
                    "CASE WHEN excluded.%1$s IS NOT NULL THEN coalesce(r.%1$s, excluded.%1$s) END";
            case KNOWN -> "coalesce(excluded.%1$s, r.%1$s)";
        };
    }

    private static final int HASH_END = INSERTED_BY_AT - 1;

    private static String assigned(Column column, String form) {
        String name = quoted(column.name());
        return name + " = " + form.formatted(name);
    }

    private String statement(List<String> set, String data, String unless, String afterwards) {
        String key = quoted(service.key().column());
        String insert =
                "INSERT INTO "
                        + table
                        + " AS r ("
                        + names()
                        + ")\nSELECT "
                        + values()
                        + "\nFROM "
                        + source()
                        + unless
                        + "\nON CONFLICT ("
                        + key
                        + ") DO UPDATE SET\n  "
                        + String.join(",\n  ", set)
                        + ",\n  _synced_at = excluded._synced_at,"
                        + "\n  _deleted_at = excluded._deleted_at"
                        + "\nWHERE substring(r._version from 1 for 25)"
                        + " <= substring(excluded._version from 1 for 25)\nRETURNING r."
                        + key
                        + "::text AS written, r.pk, r._version,"
                        + " r._deleted_at IS NOT NULL AS deleted, "
                        + data
                        + " AS data, true AS whole, "
                        + (returnsOldRows() ? "old.pk" : "NULL::bigint")
                        + " AS old_pk"
                        + columns.select("r", "n")
                        + (returnsOldRows() ? columns.selectChanged("old", "r", "o") : "");
        return afterwards.isEmpty()
                ? insert
                : "WITH written AS (\n"
                        + insert
                        + ", r."
                        + key
                        + " AS k\n)"
                        + afterwards
                        + "\nSELECT w.* FROM written w";
    }

    private String source() {
        return stage == null
                ? "unnest(" + parameters() + ") AS u(" + aliases() + ")"
                : stage + " AS u";
    }

    private String names() {
        StringJoiner names = new StringJoiner(", ");
        names.add(quoted(service.key().column()));
        service.columns().forEach(column -> names.add(quoted(column.name())));
        return names.add("_version, _synced_at, _deleted_at, data").toString();
    }

    private String values() {
        StringJoiner values = new StringJoiner(", ");
        values.add("u.k::" + service.key().type().sql());
        for (int i = 0; i < service.columns().size(); i++) {
            values.add("u.c" + i + "::" + service.columns().get(i).type().sql());
        }
        return values.add("u.v, clock_timestamp(), u.d::timestamptz, u.j::jsonb").toString();
    }

    private String parameters() {
        return "?::text[], "
                + "?::text[], ".repeat(service.columns().size())
                + "?::bytea[], ?::text[], ?::text[]";
    }

    private String aliases() {
        StringJoiner aliases = new StringJoiner(", ");
        aliases.add("k");
        for (int i = 0; i < service.columns().size(); i++) {
            aliases.add("c" + i);
        }
        return aliases.add("v").add("d").add("j").toString();
    }

    private boolean returnsOldRows() {
        return serverMajor >= RETURNS_OLD_ROWS;
    }

    private static String version(String start, int end) {
        return start.formatted(end) + " || " + insertedBy() + " || " + changedBy();
    }

    /** Reviving a tombstone is an insert. */
    private static String insertedBy() {
        return "CASE WHEN r._deleted_at IS NOT NULL AND excluded._deleted_at IS NULL THEN "
                + id("excluded", INSERTED_BY_AT)
                + " ELSE "
                + id("r", INSERTED_BY_AT)
                + " END";
    }

    /** A mere advance of the version keeps the id of the event that changed the content. */
    private static String changedBy() {
        return "CASE WHEN "
                + id("r", HASH_AT)
                + " = "
                + id("excluded", HASH_AT)
                + " AND (r._deleted_at IS NULL) = (excluded._deleted_at IS NULL) THEN "
                + id("r", CHANGED_BY_AT)
                + " ELSE "
                + id("excluded", CHANGED_BY_AT)
                + " END";
    }

    /** The content stays, so its hash does; only the death can be new. */
    private static String keptContentVersion() {
        return "substring(excluded._version from 1 for "
                + Version.LENGTH
                + ") || substring(r._version from "
                + HASH_AT
                + " for 32) || CASE WHEN r._deleted_at IS NULL THEN "
                + id("excluded", CHANGED_BY_AT)
                + " ELSE "
                + id("r", CHANGED_BY_AT)
                + " END";
    }

    private static String id(String alias, int at) {
        return "substring(" + alias + "._version from " + at + " for 16)";
    }
}
