package io.webhookdb.controlplane.provisioner;

import static io.webhookdb.schemas.row.TableSql.quoted;

import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.row.TableSql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Statements that bring a replica table's rows to another server as they are, primary key and
 * bookkeeping included. Pure text; every statement may be repeated.
 */
final class ReplicaColumns {
    /** Where rows arrive before they are merged. */
    static final String STAGE = "webhookdb_stage";

    private final ServiceDefinition service;
    private final List<String> columns = new ArrayList<>();

    ReplicaColumns(ServiceDefinition service) {
        this.service = service;
        columns.add("pk");
        columns.add(service.key().column());
        service.columns().forEach(column -> columns.add(column.name()));
        columns.add(TableSql.VERSION);
        columns.add(TableSql.SYNCED_AT);
        columns.add(TableSql.DELETED_AT);
        columns.add("data");
    }

    private String names() {
        return columns.stream().map(TableSql::quoted).collect(Collectors.joining(", "));
    }

    /** The next rows by primary key. */
    String copyPage(String table, long after, int most) {
        return "COPY (SELECT "
                + names()
                + " FROM "
                + table
                + " WHERE pk > "
                + after
                + " ORDER BY pk LIMIT "
                + most
                + ") TO STDOUT";
    }

    /** Rows written at or after a time, microseconds since the epoch. */
    String copySince(String table, long micros) {
        return "COPY (SELECT "
                + names()
                + " FROM "
                + table
                + " WHERE "
                + TableSql.SYNCED_AT
                + " >= timestamptz 'epoch' + make_interval(secs => "
                + micros / 1_000_000
                + ")) TO STDOUT";
    }

    /** All rows. */
    String copyAll(String table) {
        return "COPY (SELECT " + names() + " FROM " + table + ") TO STDOUT";
    }

    String createStage(String table) {
        return "CREATE TEMP TABLE " + STAGE + " (LIKE " + table + ") ON COMMIT DROP";
    }

    String fillStage() {
        return "COPY pg_temp." + STAGE + " (" + names() + ") FROM STDIN";
    }

    /** Rows as they were read; of two versions of a row the newer one stays. */
    String merge(String table) {
        String set =
                columns.stream()
                        .filter(name -> !name.equals(service.key().column()))
                        .map(name -> quoted(name) + " = excluded." + quoted(name))
                        .collect(Collectors.joining(", "));
        return "INSERT INTO "
                + table
                + " AS t ("
                + names()
                + ") SELECT "
                + names()
                + " FROM pg_temp."
                + STAGE
                + " ON CONFLICT ("
                + quoted(service.key().column())
                + ") DO UPDATE SET "
                + set
                + " WHERE substring(t._version from 1 for 25) <= substring(excluded._version from"
                + " 1 for 25) AND (t.pk, t._version, t._synced_at) IS DISTINCT FROM (excluded.pk,"
                + " excluded._version, excluded._synced_at)";
    }

    /** Rows that were deleted for good while others were copied. */
    String deleteGone(String table, String tombstones) {
        return "DELETE FROM "
                + table
                + " AS t USING "
                + tombstones
                + " AS g WHERE t."
                + quoted(service.key().column())
                + " = g.k";
    }

    /** The same text for the same rows, keys and versions; of any order. */
    String fingerprint(String table) {
        return "SELECT count(*) || ' rows ' || coalesce(sum(pk), 0) || ' ' || coalesce(sum(('x' ||"
                + " left(encode(sha256(convert_to(pk || ' ' || "
                + quoted(service.key().column())
                + "::text, 'UTF8') || _version), 'hex'), 15))::bit(60)::bigint), 0) FROM "
                + table;
    }
}
