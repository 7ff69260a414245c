package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.ApplicationDatabase;
import io.webhookdb.controlplane.database.ProvisioningQueue;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.PGConnection;

/**
 * The right to publish. Two publishers could overtake each other and leave an older revision as the
 * newest record, so there is one at a time: who holds a lock of the application database. The list
 * is read over the connection that holds the lock, so a lost lock shows as a failed read.
 */
final class LeaderSession implements AutoCloseable {
    private static final long LEADER_LOCK = 0x7768_6462_0002L;

    private final Connection connection;
    private final Jdbi jdbi;

    private LeaderSession(Connection connection) {
        this.connection = connection;
        this.jdbi = Jdbi.create(connection);
    }

    /** The session, if no other process has it. */
    static Optional<LeaderSession> tryBecome(ApplicationDatabase database) throws SQLException {
        Connection connection = database.dedicatedConnection();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row =
                    statement.executeQuery("SELECT pg_try_advisory_lock(" + LEADER_LOCK + ")")) {
                row.next();
                if (!row.getBoolean(1)) {
                    connection.close();
                    return Optional.empty();
                }
            }
            statement.execute("LISTEN " + ProvisioningQueue.CHANNEL);
            return Optional.of(new LeaderSession(connection));
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Access over this session's connection only. */
    Jdbi jdbi() {
        return jdbi;
    }

    /** Returns when something was listed, or after this time. */
    void awaitNotification(Duration longest) throws SQLException {
        connection.unwrap(PGConnection.class).getNotifications((int) longest.toMillis());
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
