package io.webhookdb.standalone.demo;

import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** An analyst's connection: the connection string as handed out, nothing else. */
final class ReadOnlyDatabase implements AutoCloseable {
    private final Connection connection;

    ReadOnlyDatabase(String connectionUrl) {
        PostgresUrl url = PostgresUrl.parse(connectionUrl);
        try {
            connection = DriverManager.getConnection(url.jdbcUrl(), url.user(), url.password());
        } catch (SQLException e) {
            throw new DemoFailure("The connection string does not work: " + e.getMessage(), e);
        }
    }

    /** All rows, every cell as text. */
    List<List<String>> query(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<List<String>> rows = new ArrayList<>();
            int width = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> row = new ArrayList<>(width);
                for (int i = 1; i <= width; i++) {
                    String cell = result.getString(i);
                    row.add(cell == null ? "" : cell);
                }
                rows.add(row);
            }
            return rows;
        } catch (SQLException e) {
            throw new DemoFailure("Query failed: " + e.getMessage(), e);
        }
    }

    /** What the server says to a statement it refuses; empty if it did not refuse. */
    String refusal(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return "";
        } catch (SQLException e) {
            return e.getMessage();
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new DemoFailure("The connection cannot be closed", e);
        }
    }
}
