package io.webhookdb.connectors.sync.snowflake;

import io.webhookdb.connectors.sync.SyncException;
import io.webhookdb.connectors.sync.SyncFailure;
import java.sql.SQLException;
import java.util.Set;

/**
 * What an error of Snowflake asks for. Its codes say more than its SQL states: a missing table has
 * the state of an empty result (02000), a wrong password that of a lost connection (08001).
 */
final class SnowflakeFailure {
    /** No such object or column, as far as the role may know. */
    private static final Set<Integer> SHAPE_CHANGED = Set.of(904, 2003, 2043);

    /** No warehouse, or one that cannot be used. */
    private static final Set<Integer> WAREHOUSE = Set.of(606, 90073);

    private static final int FIRST_LOGIN = 390_100;
    private static final int LAST_LOGIN = 390_199;

    /** Session or token has run out. */
    private static final Set<Integer> EXPIRED = Set.of(390_110, 390_111, 390_112, 390_114, 390_195);

    private SnowflakeFailure() {}

    /** Whether the table is no longer what it was when it was looked at. */
    static boolean isShapeChanged(SQLException e) {
        return SHAPE_CHANGED.contains(e.getErrorCode());
    }

    /** Classified; without Snowflake's own words, which may quote values. */
    static SyncException of(String host, SQLException e) {
        int code = e.getErrorCode();
        return new SyncException(
                kind(e, code),
                host
                        + ": "
                        + meaning(code)
                        + " (code "
                        + code
                        + ", SQL state "
                        + e.getSQLState()
                        + ").",
                e.getSQLState(),
                e);
    }

    private static SyncFailure kind(SQLException e, int code) {
        if (EXPIRED.contains(code)) {
            return SyncFailure.TRANSIENT;
        }
        boolean mustBeMended =
                isShapeChanged(e) || WAREHOUSE.contains(code) || isLogin(code) || code == 3001;
        return mustBeMended ? SyncFailure.CONFIGURATION : SyncFailure.ofSqlState(e.getSQLState());
    }

    private static boolean isLogin(int code) {
        return code >= FIRST_LOGIN && code <= LAST_LOGIN;
    }

    private static String meaning(int code) {
        if (EXPIRED.contains(code)) {
            return "the session has ended";
        }
        if (isLogin(code)) {
            return "login refused; check user, password or key, role and network policy";
        }
        if (WAREHOUSE.contains(code)) {
            return "there is no active warehouse; name one by ?warehouse= or give the user a"
                    + " default, and let it resume by itself";
        }
        if (SHAPE_CHANGED.contains(code)) {
            return "database, schema, table or column is not there for this role";
        }
        return code == 3001 ? "the role lacks a privilege" : "the statement failed";
    }
}
