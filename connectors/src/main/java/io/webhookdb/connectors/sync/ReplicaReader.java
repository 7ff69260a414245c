package io.webhookdb.connectors.sync;

import io.webhookdb.schemas.control.OrganizationControl;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * One lane's session with the database its existing rows come from. A login costs the server as
 * much as hundreds of rows, so the session is kept from page to page, until {@link #rest}. Blocks.
 */
final class ReplicaReader {
    private final ReplicaPages replica;
    private Connection connection;
    private OrganizationControl openedFor;

    /** How many rows are not too heavy, after the last page. */
    private int fitting = Integer.MAX_VALUE;

    ReplicaReader(ReplicaPages replica) {
        this.replica = replica;
    }

    /**
     * The next rows of one shard.
     *
     * @param after primary key after which to begin
     * @param shard rows whose primary key has this remainder
     * @param shards divided by this
     * @throws SyncException classified; the session is given up then
     */
    synchronized ReplicaPages.Read next(
            ReplicaPages.Source source,
            long after,
            int shard,
            int shards,
            int mostRows,
            long mostBytes)
            throws SyncException {
        boolean isKept = connection != null && source.organization().equals(openedFor);
        try {
            return page(source, after, shard, shards, mostRows, mostBytes);
        } catch (SQLException e) {
            rest();
            if (!isKept || !mayBeOfTheSession(e)) {
                throw PostgresSessions.failure(source.organization().database().toString(), e);
            }
        }
        // The server, or something between, ended the session while it had nothing to do.
        try {
            return page(source, after, shard, shards, mostRows, mostBytes);
        } catch (SQLException e) {
            rest();
            throw PostgresSessions.failure(source.organization().database().toString(), e);
        }
    }

    private ReplicaPages.Read page(
            ReplicaPages.Source source,
            long after,
            int shard,
            int shards,
            int mostRows,
            long mostBytes)
            throws SQLException, SyncException {
        if (connection == null || !source.organization().equals(openedFor)) {
            rest();
            connection = replica.open(source.organization());
            openedFor = source.organization();
        }
        int asked = Math.min(mostRows, fitting);
        ReplicaPages.Read read =
                ReplicaPages.next(connection, source, after, shard, shards, asked, mostBytes);
        connection.commit();
        boolean wasTooMuch = read.rows().size() < asked && !read.isLast();
        fitting = wasTooMuch ? read.rows().size() : (int) Math.min(mostRows, 2L * asked);
        return read;
    }

    /** Classes 08 and 57: connection exceptions and interventions of an operator. */
    private static boolean mayBeOfTheSession(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57P"));
    }

    /** Ends the session. */
    synchronized void rest() {
        Connection open = connection;
        connection = null;
        openedFor = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                // The server is gone or going; either way the connection is.
                return;
            }
        }
    }
}
