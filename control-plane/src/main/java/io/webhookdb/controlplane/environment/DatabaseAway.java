package io.webhookdb.controlplane.environment;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.stream.Stream;

/** Tells failures that pass when a database is back from those that are ours. */
public final class DatabaseAway {
    private DatabaseAway() {}

    /** Whether a database that could not be reached is behind it. */
    public static boolean isCauseOf(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .anyMatch(
                        cause ->
                                cause instanceof SQLTransientConnectionException
                                        || (cause instanceof SQLException sql
                                                && isAway(sql.getSQLState())));
    }

    /** No connection, a server that starts or stops, no room for another connection. */
    private static boolean isAway(String state) {
        return state != null
                && (state.startsWith("08") || state.startsWith("57P") || state.startsWith("53"));
    }
}
