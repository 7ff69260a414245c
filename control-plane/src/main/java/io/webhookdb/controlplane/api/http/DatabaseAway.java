package io.webhookdb.controlplane.api.http;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.stream.Stream;

/** Tells failures that pass when a database is back from those that are ours. */
final class DatabaseAway {
    private DatabaseAway() {}

    /** Whether a database that could not be reached is behind it. */
    static boolean isCauseOf(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .anyMatch(
                        cause ->
                                cause instanceof SQLTransientConnectionException
                                        || (cause instanceof SQLException sql
                                                && isAway(sql.getSQLState())));
    }

    /**
     * PostgreSQL, appendix A: connection exceptions; shut down by an administrator, after a crash,
     * not yet started; too many connections.
     */
    private static boolean isAway(String state) {
        return state != null
                && (state.startsWith("08")
                        || state.equals("57P01")
                        || state.equals("57P02")
                        || state.equals("57P03")
                        || state.equals("53300"));
    }
}
