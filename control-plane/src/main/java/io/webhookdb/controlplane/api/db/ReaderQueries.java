package io.webhookdb.controlplane.api.db;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.core.Parser;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Runs people's SQL as their reader. The role's privileges are what protects; this class bounds
 * rows, bytes and time.
 */
final class ReaderQueries {
    private static final int FETCH_SIZE = 100;

    /**
     * The result of the last statement that has one, cut after so many rows.
     *
     * @throws ApiException 403 {@code invalid_query} with the database's message
     */
    QueryResult run(PostgresUrl url, String query, int maxRows) {
        if (query.indexOf('\0') >= 0) {
            throw ApiException.of(
                    403, "invalid_query", "The query holds the character NUL, which SQL has not.");
        }
        try (Connection connection = ReaderConnections.open(url);
                // Not a prepared statement of the driver's kind: a question mark is an operator.
                var statement = connection.createStatement()) {
            statement.setQueryTimeout(ReaderConnections.QUERY_SECONDS);
            statement.setFetchSize(FETCH_SIZE);
            statement.setMaxRows(maxRows + 1);
            statement.setEscapeProcessing(false);
            QueryResult last = new QueryResult(List.of(), List.of(), false);
            boolean rows = statement.execute(query);
            while (rows || statement.getUpdateCount() >= 0) {
                if (rows) {
                    try (ResultSet result = statement.getResultSet()) {
                        last = read(result, maxRows);
                    }
                }
                rows = statement.getMoreResults();
            }
            return last;
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    /**
     * Runs what a view is to be made of.
     *
     * @throws ApiException 403 {@code invalid_query} if it fails or is more than one statement: the
     *     owner of the database would run the others
     */
    void check(PostgresUrl url, String query) {
        try {
            // The driver's own splitting decides what it sends; the server takes one a message.
            int statements = Parser.parseJdbcSql(query, true, false, true, false, false).size();
            if (statements != 1) {
                throw ApiException.of(403, "invalid_query", "Give exactly one SELECT statement.");
            }
        } catch (SQLException e) {
            throw refused(e);
        }
        run(url, query, 1);
    }

    /** Names of all tables and views the reader sees in a schema, sorted. */
    List<String> tables(PostgresUrl url, String schema) {
        try (Connection connection = ReaderConnections.open(url);
                PreparedStatement statement =
                        connection.prepareStatement(
                                "SELECT table_name FROM information_schema.tables WHERE"
                                        + " table_schema = ? ORDER BY table_name")) {
            statement.setString(1, schema);
            List<String> names = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            return names;
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    private static QueryResult read(ResultSet rows, int maxRows) throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        List<String> headers = new ArrayList<>();
        List<Cells> cells = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            headers.add(columns.getColumnLabel(i));
            cells.add(new Cells(i, columns.getColumnTypeName(i), columns.getColumnType(i)));
        }
        List<List<Object>> read = new ArrayList<>();
        while (rows.next()) {
            if (read.size() == maxRows) {
                return new QueryResult(headers, read, true);
            }
            List<Object> row = new ArrayList<>(cells.size());
            for (Cells cell : cells) {
                row.add(cell.of(rows));
            }
            read.add(row);
        }
        return new QueryResult(headers, read, false);
    }

    private static ApiException refused(SQLException e) {
        return switch (QueryFailure.of(e)) {
            case REFUSED -> ApiException.of(403, "invalid_query", message(e));
            case TIMEOUT ->
                    ApiException.of(
                            403,
                            "invalid_query",
                            "The query took longer than "
                                    + ReaderConnections.QUERY_SECONDS
                                    + " seconds and was stopped.");
            case TOO_LARGE ->
                    ApiException.of(
                            403,
                            "invalid_query",
                            "The result is larger than "
                                    + ReaderConnections.RESULT_LIMIT
                                    + "B. Select fewer columns or rows.");
            case TOO_MUCH_SPACE ->
                    ApiException.of(
                            403,
                            "invalid_query",
                            "The query needs more space on the server's disk than a reader may"
                                    + " take. Sort, join or generate fewer rows.");
            case BUSY ->
                    ApiException.of(
                            503,
                            "database_locked",
                            "The database takes no more connections at the moment. Try again in a"
                                    + " few seconds.");
            case UNREACHABLE ->
                    ApiException.of(
                            503,
                            "api_error",
                            "The database cannot be reached at the moment. Try again in a few"
                                    + " seconds.");
        };
    }

    private static String message(SQLException e) {
        ServerErrorMessage server =
                e instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        if (server == null) {
            return "The query cannot be run: " + e.getMessage();
        }
        String hint = server.getHint() == null ? "" : "\nHint: " + server.getHint();
        String more =
                switch (String.valueOf(server.getSQLState())) {
                    case "42P01" -> "\nRun `webhookdb db tables` to see which tables there are.";
                    case "42501", "25006" -> "\nOnly reading is allowed.";
                    default -> "";
                };
        return server.getMessage() + hint + more;
    }
}
