package io.webhookdb.connectors.sync.redshift;

import io.webhookdb.connectors.sync.SyncException;
import io.webhookdb.connectors.sync.SyncFailure;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;

/**
 * What an error of Redshift asks for. Its SQL states are those of Postgres, except that whatever
 * goes wrong in COPY is an internal error: there the message tells.
 */
final class RedshiftFailure {
    /** No table, no column, no schema, or a column that someone else was faster to add. */
    private static final Set<String> SHAPE_CHANGED = Set.of("42P01", "42703", "3F000", "42701");

    private RedshiftFailure() {}

    /** Whether the table is no longer what it was when it was looked at. */
    static boolean isShapeChanged(SQLException e) {
        return SHAPE_CHANGED.contains(String.valueOf(e.getSQLState()));
    }

    /** Classified; without Redshift's own words, which may quote values and keys. */
    static SyncException of(String server, SQLException e) {
        String said = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        SyncFailure kind = SyncFailure.ofSqlState(e.getSQLState());
        String meaning = "the statement failed";
        if (said.contains("load_error")) {
            kind = SyncFailure.POISON;
            meaning = "COPY refused a row; sys_load_error_detail has the reason";
        } else if (said.contains("s3serviceexception") || said.contains("iam role")) {
            kind = SyncFailure.CONFIGURATION;
            meaning = "COPY may not read the bucket; check region, iam_role and s3_key";
        } else if (kind == SyncFailure.CONFIGURATION) {
            meaning = "login, name or privilege refused";
        }
        return new SyncException(
                kind,
                server + ": " + meaning + " (SQL state " + e.getSQLState() + ").",
                e.getSQLState(),
                e);
    }
}
