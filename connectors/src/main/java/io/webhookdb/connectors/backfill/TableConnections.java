package io.webhookdb.connectors.backfill;

import io.webhookdb.connectors.sync.OrganizationSessions;
import io.webhookdb.connectors.sync.SyncException;
import io.webhookdb.connectors.sync.SyncFailure;
import io.webhookdb.schemas.control.OrganizationControl;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Connections to organizations' databases that can only read; every wait is bounded. */
final class TableConnections {
    private static final String SESSION =
            "SET default_transaction_read_only = on; SET application_name = 'webhookdb-backfill'";

    private final OrganizationSessions sessions;

    TableConnections(OrganizationSessions sessions) {
        this.sessions = sessions;
    }

    /**
     * Opens one.
     *
     * @throws ApiException if the address of a customer's server must not be called, or is none now
     */
    Connection open(OrganizationControl organization) throws SQLException, ApiException {
        Connection connection = session(organization);
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            statement.execute(SESSION);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private Connection session(OrganizationControl organization) throws SQLException, ApiException {
        try {
            return sessions.open(organization);
        } catch (SyncException e) {
            throw new ApiException(
                    e.failure() == SyncFailure.CONFIGURATION
                            ? ApiFailure.CONFIGURATION
                            : ApiFailure.TRANSIENT,
                    e.getMessage(),
                    null,
                    e);
        }
    }
}
