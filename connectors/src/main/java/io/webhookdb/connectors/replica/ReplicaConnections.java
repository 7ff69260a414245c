package io.webhookdb.connectors.replica;

import io.webhookdb.security.outbound.OutboundPolicy;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

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
    private final List<Idle> idle = new ArrayList<>();
    private final Map<String, Integer> openPerServer = new HashMap<>();
    private final Map<String, Integer> mostPerServer = new HashMap<>();
    private boolean closed;

    private record Idle(ReplicaConnection connection, long sinceNanos) {}

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
            ReplicaConnection known = takeIdle(target);
            if (known != null) {
                return known;
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

    /** Gives a connection back for reuse. */
    void release(ReplicaConnection connection) {
        boolean kept;
        synchronized (this) {
            kept = !closed && connection.isUsable();
            if (kept) {
                idle.add(new Idle(connection, System.nanoTime()));
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
        long limit = timeouts.idle().toNanos();
        long now = System.nanoTime();
        takeIdle(entry -> now - entry.sinceNanos() >= limit).forEach(ReplicaConnection::close);
    }

    /** Open connections, in use or idle. */
    synchronized int open() {
        return openPerServer.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        takeIdle(entry -> true).forEach(ReplicaConnection::close);
    }

    private ReplicaConnection takeIdle(ReplicaTarget target) {
        for (int i = idle.size() - 1; i >= 0; i--) {
            ReplicaConnection connection = idle.get(i).connection();
            if (connection.target().equals(target)) {
                idle.remove(i);
                return connection;
            }
        }
        return null;
    }

    private ReplicaConnection makeRoom(ReplicaTarget target) throws SQLException {
        int most = mostPerServer.getOrDefault(target.server(), leastPerServer);
        if (openPerServer.getOrDefault(target.server(), 0) < most) {
            return null;
        }
        for (Iterator<Idle> oldestFirst = idle.iterator(); oldestFirst.hasNext(); ) {
            ReplicaConnection connection = oldestFirst.next().connection();
            if (connection.target().server().equals(target.server())) {
                oldestFirst.remove();
                forget(connection.target());
                return connection;
            }
        }
        throw new SQLTransientConnectionException(
                "All " + most + " connections to " + target.server() + " are in use.", "53300");
    }

    private synchronized List<ReplicaConnection> takeIdle(Predicate<Idle> which) {
        List<ReplicaConnection> taken = new ArrayList<>();
        idle.removeIf(
                entry -> {
                    if (which.test(entry)) {
                        taken.add(entry.connection());
                        forget(entry.connection().target());
                        return true;
                    }
                    return false;
                });
        return taken;
    }

    private synchronized void forget(ReplicaTarget target) {
        openPerServer.computeIfPresent(
                target.server(), (server, count) -> count == 1 ? null : count - 1);
    }
}
