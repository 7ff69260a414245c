package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.outbound.NoAnswer;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What a Postgres server said, for whoever has to mend it. A message that may quote a value is
 * replaced by one that names column or constraint: values are payload.
 */
final class PostgresWords {
    private PostgresWords() {}

    /** Without a full stop. */
    static String of(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        ServerErrorMessage said = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
        if (said == null) {
            // Without a cause it is the driver that speaks, of encryption or ways to log in.
            String why = e.getCause() == null ? e.getMessage() : NoAnswer.why(e);
            return why.endsWith(".") ? why.substring(0, why.length() - 1) : why;
        }
        return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
            case "22" -> value(state);
            case "23" -> constraint(state, said);
            case "28" -> "the server does not accept user and password";
            // Of names, rights, locks, limits and the server's state.
            case "0A", "25", "3D", "3F", "42", "53", "54", "55", "57" -> said.getMessage();
            case "P0" -> "a trigger of the table refused it";
            default -> "the statement failed";
        };
    }

    private static String value(String state) {
        return switch (state) {
            case "22001" -> "a text is too long for its column";
            case "22003" -> "a number is out of its column's range";
            case "22P02", "22P03", "22007", "22008" -> "a value is none of its column's type";
            default -> "a column cannot hold a value";
        };
    }

    private static String constraint(String state, ServerErrorMessage said) {
        return state.equals("23502")
                ? "column \"" + said.getColumn() + "\" must not be null"
                : "constraint \"" + said.getConstraint() + "\" is violated";
    }
}
