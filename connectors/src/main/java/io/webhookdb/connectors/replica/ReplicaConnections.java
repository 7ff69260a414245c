package io.webhookdb.connectors.replica;

import io.webhookdb.security.outbound.OutboundPolicy;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The open connections of one subtask: opened when a batch needs one, closed when idle, at most so
 * many per server: half of what the server takes, shared among the subtasks, or as many as there
 * are batches in flight if that is more. So some hundred databases keep a connection each, since a
 * login costs as much as fifty rows, and thousands need no more than the server has. Thread-safe;
 * connecting and closing happen outside the lock.
 */
final class ReplicaConnections implements AutoCloseable {
    private final ConnectionTimeouts timeouts;
    private final int leastPerServer;
    private final int subtasks;
    private final CustomerServers customers;
    private final IdleConnections<ReplicaTarget, ReplicaConnection> idle = new IdleConnections<>();
    private final Map<String, Integer> openPerServer = new HashMap<>();
    private final Map<String, Integer> mostPerServer = new HashMap<>();
    private boolean closed;

    /**
     * @param leastPerServer as many as may be in use at once
     * @param subtasks how many such sets of connections share a server
     * @param outbound which of the customers' own servers may be called
     */
    ReplicaConnections(
            ConnectionTimeouts timeouts,
            int leastPerServer,
            int subtasks,
            OutboundPolicy outbound) {
        this.timeouts = timeouts;
        this.leastPerServer = leastPerServer;
        this.subtasks = subtasks;
        this.customers = new CustomerServers(outbound);
    }

    /**
     * A connection for the caller alone, to be given back by {@link #release} or {@link #discard}.
     *
     * @throws SQLException if the database cannot be reached, refuses the login, or all the
     *     server's connections are in use
     */
    ReplicaConnection lease(ReplicaTarget target) throws SQLException {
        ReplicaConnection evicted;
        synchronized (this) {
            Optional<ReplicaConnection> known = idle.take(target);
            if (known.isPresent()) {
                return known.get();
            }
            evicted = makeRoom(target);
            openPerServer.merge(target.server(), 1, Integer::sum);
        }
        if (evicted != null) {
            evicted.close();
        }
        ReplicaConnection opened = null;
        try {
            opened = ReplicaConnection.open(target, timeouts, customers);
            learnRoom(opened);
            return opened;
        } catch (SQLException | RuntimeException e) {
            forget(target);
            if (opened != null) {
                opened.close();
            }
            throw e;
        }
    }

    /** Asks a server once what it takes. One that does not say gets the least. */
    private void learnRoom(ReplicaConnection connection) throws SQLException {
        String server = connection.target().server();
        synchronized (this) {
            if (mostPerServer.putIfAbsent(server, leastPerServer) != null) {
                return;
            }
        }
        int share = connection.mostOfServer() / 2 / subtasks;
        synchronized (this) {
            mostPerServer.put(server, Math.max(leastPerServer, share));
        }
    }

    /** Gives a connection back for reuse, unless it has been used enough. */
    void release(ReplicaConnection connection) {
        boolean kept;
        synchronized (this) {
            kept = !closed && connection.isUsable() && !connection.isWorn();
            if (kept) {
                ReplicaTarget target = connection.target();
                idle.add(target, target.server(), connection, System.nanoTime());
            }
        }
        if (!kept) {
            discard(connection);
        }
    }

    /** Closes a connection that failed. */
    void discard(ReplicaConnection connection) {
        forget(connection.target());
        connection.close();
    }

    /** Closes what has been idle too long. */
    void closeIdle() {
        List<ReplicaConnection> closing;
        synchronized (this) {
            closing = idle.takeIdleSince(System.nanoTime() - timeouts.idle().toNanos());
            closing.forEach(connection -> forget(connection.target()));
        }
        closing.forEach(ReplicaConnection::close);
    }

    /** Open connections, in use or idle. */
    synchronized int open() {
        return openPerServer.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public void close() {
        List<ReplicaConnection> closing;
        synchronized (this) {
            closed = true;
            closing = idle.takeAll();
            closing.forEach(connection -> forget(connection.target()));
        }
        closing.forEach(ReplicaConnection::close);
    }

    private ReplicaConnection makeRoom(ReplicaTarget target) throws SQLException {
        int most = mostPerServer.getOrDefault(target.server(), leastPerServer);
        if (openPerServer.getOrDefault(target.server(), 0) < most) {
            return null;
        }
        ReplicaConnection evicted =
                idle.takeOldest(target.server())
                        .orElseThrow(
                                () ->
                                        new SQLTransientConnectionException(
                                                "All "
                                                        + most
                                                        + " connections to "
                                                        + target.server()
                                                        + " are in use.",
                                                "53300"));
        forget(evicted.target());
        return evicted;
    }

    private synchronized void forget(ReplicaTarget target) {
        openPerServer.computeIfPresent(
                target.server(), (server, count) -> count == 1 ? null : count - 1);
    }
}
