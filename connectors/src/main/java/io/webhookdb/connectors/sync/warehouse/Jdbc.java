package io.webhookdb.connectors.sync.warehouse;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;

/** Statements of one session with a warehouse. */
public record Jdbc(Connection connection) {

    /**
     * A session of a driver that lives in a class loader of its own, whose libraries look around
     * there and not among ours.
     */
    public static Jdbc connect(Driver driver, String url, Properties properties)
            throws SQLException {
        Thread thread = Thread.currentThread();
        ClassLoader ours = thread.getContextClassLoader();
        thread.setContextClassLoader(driver.getClass().getClassLoader());
        try {
            Connection connection = driver.connect(url, properties);
            if (connection == null) {
                throw new SQLException("The driver does not take the URL", "08001");
            }
            return new Jdbc(connection);
        } catch (LinkageError e) {
            throw new SQLException("The driver lacks classes it needs", "0A000", e);
        } finally {
            thread.setContextClassLoader(ours);
        }
    }

    /** Runs a statement. */
    public void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Runs a statement that says how many rows it was about. */
    public long update(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    /** The one number a query gives. */
    public long number(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    /** The texts of a query's first column. */
    public Set<String> strings(String sql, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet result = statement.executeQuery()) {
                Set<String> strings = new HashSet<>();
                while (result.next()) {
                    strings.add(result.getString(1));
                }
                return strings;
            }
        }
    }

    /** From another thread: ends the session under whatever it does. */
    public void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            return;
        }
    }

    /** Ends the session; a server that is gone has ended it. */
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            return;
        }
    }
}
