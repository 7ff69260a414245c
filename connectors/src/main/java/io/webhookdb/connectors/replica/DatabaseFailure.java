package io.webhookdb.connectors.replica;

import java.sql.SQLException;

/** What a failed write asks for. */
enum DatabaseFailure {
    /** The server or the way to it; the same rows may pass later. */
    TRANSIENT,
    /** The table, the role or the database is not as the control records say. */
    CONFIGURATION,
    /** One of the rows; the others pass without it. */
    POISON_ROW;

    /**
     * Classifies by SQL state (PostgreSQL documentation, appendix A). An unknown state is
     * transient: retrying costs time, giving up would cost rows.
     */
    static DatabaseFailure of(Exception failure) {
        if (!(failure instanceof SQLException sql)) {
            // Not the database: something in these very rows that cannot be bound or encoded.
            return POISON_ROW;
        }
        return ofState(sql.getSQLState());
    }

    static DatabaseFailure ofState(String state) {
        if (state == null || state.length() < 2) {
            return TRANSIENT;
        }
        return switch (state.substring(0, 2)) {
            // Data, cardinality, integrity, a trigger's own exception, limits such as index size.
            case "21", "22", "23", "44", "54", "P0" -> POISON_ROW;
            // Not supported, authorization, catalog, schema, syntax and access rules.
            case "0A", "28", "3D", "3F", "42" -> CONFIGURATION;
            default -> TRANSIENT;
        };
    }
}
