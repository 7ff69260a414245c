package io.webhookdb.controlplane.provisioner;

import java.sql.SQLException;

/** Why a step of a migration failed, and so what comes of it. */
enum MigrationFailure {
    /** The new database is not as it has to be; people have to act. */
    CONFIGURATION,
    /** Passes by itself. */
    TRANSIENT;

    /**
     * Something about the new database, as opposed to the old one: what the old one refuses is no
     * fault of who asked for the move.
     */
    static final class OfTarget extends Exception {
        private static final long serialVersionUID = 1L;
        private final SQLException reason;

        OfTarget(SQLException reason) {
            super(reason);
            this.reason = reason;
        }

        SQLException reason() {
            return reason;
        }
    }

    static MigrationFailure of(Exception e) {
        if (!(e instanceof OfTarget target)) {
            return TRANSIENT;
        }
        String state = ServerFailure.sqlState(target.reason());
        return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
            // Unsupported, data, integrity, read-only, authorization, no such database or schema,
            // dependent objects, limits of the program, names and rights.
            case "0A", "22", "23", "25", "28", "2B", "3D", "3F", "42", "54" -> CONFIGURATION;
            default -> TRANSIENT;
        };
    }

    /** For people; without the server's details, which quote values. */
    static String words(Exception e) {
        if (!(e instanceof OfTarget target)) {
            return "The present database: "
                    + (e instanceof SQLException
                            ? "SQL state " + ServerFailure.sqlState(e)
                            : "error")
                    + ".";
        }
        String state = ServerFailure.sqlState(target.reason());
        String what =
                switch (state.length() < 2 ? "" : state.substring(0, 2)) {
                    case "08", "57" -> "cannot be reached";
                    case "28" -> "does not accept user and password";
                    case "3D" -> "does not exist";
                    case "25" -> "is read-only";
                    case "53" -> "has no connection or room left";
                    default -> "refused: " + target.reason().getMessage();
                };
        return "The new database "
                + what
                + " (SQL state "
                + (state.isEmpty() ? "none" : state)
                + ").";
    }
}
