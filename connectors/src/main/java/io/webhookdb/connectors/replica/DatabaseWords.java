package io.webhookdb.connectors.replica;

import java.sql.SQLException;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What a failure says of itself, without any value of a row: messages end up in logs and dead
 * letters, which others read than those who may see the data. Never the DETAIL, which quotes rows.
 */
final class DatabaseWords {
    private static final Pattern AFTER_COLON = Pattern.compile(": .*", Pattern.DOTALL);

    private DatabaseWords() {}

    /** SQL state and message of the server; of anything else its class and message. */
    static String of(Exception failure) {
        ServerErrorMessage server = server(failure);
        if (server != null) {
            return server.getSQLState() + " " + said(server);
        }
        if (failure instanceof SQLException sql) {
            return sql.getSQLState() + " " + sql.getMessage();
        }
        // Such as a value that cannot be encoded: its message may quote it.
        return failure.getClass().getSimpleName();
    }

    private static String said(ServerErrorMessage server) {
        String message = server.getMessage() == null ? "" : server.getMessage();
        String state = server.getSQLState() == null ? "" : server.getSQLState();
        if (state.startsWith("22")) {
            return AFTER_COLON.matcher(withoutQuoted(message)).replaceFirst("").strip();
        }
        if (state.startsWith("P0")) {
            return "raised by a trigger or function of the database";
        }
        return message;
    }

    /** A value may hold quotes itself, so everything between the first and the last one goes. */
    private static String withoutQuoted(String message) {
        int first = message.indexOf('"');
        int last = message.lastIndexOf('"');
        return first < 0
                ? message
                : message.substring(0, first).stripTrailing() + message.substring(last + 1);
    }

    private static ServerErrorMessage server(Exception failure) {
        return failure instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
    }
}
