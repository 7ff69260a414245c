package io.webhookdb.ingest;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Closes the connections of senders that are idle or slow, however evenly they drip: an idle
 * timeout alone starts anew with every byte. One per event loop; not thread-safe.
 */
final class ConnectionWatch {
    private static final long NEVER = Long.MAX_VALUE;

    private final long requestNanos;
    private final long idleNanos;
    private final Map<HttpConnection, Long> deadlines = new HashMap<>();
    private final Connections connections;

    ConnectionWatch(Duration requestTimeout, Duration idleTimeout, Connections connections) {
        this.connections = connections;
        this.requestNanos = requestTimeout.toNanos();
        this.idleNanos = idleTimeout.toNanos();
    }

    /** From now on it waits for the head of a request. */
    void opened(HttpConnection connection) {
        if (!connections.open()) {
            connection.close();
            return;
        }
        deadlines.put(connection, System.nanoTime() + idleNanos);
        connection.closeHandler(
                closed -> {
                    deadlines.remove(connection);
                    connections.closed();
                });
    }

    /** The head is there, the body is coming. */
    void requestBegan(HttpConnection connection) {
        set(connection, System.nanoTime() + requestNanos);
    }

    /** The request is there whole; the next step is ours. */
    void requestEnded(HttpConnection connection) {
        set(connection, NEVER);
    }

    /** The answer is out and the request in; it waits for the next one. */
    void exchangeEnded(HttpConnection connection) {
        set(connection, System.nanoTime() + idleNanos);
    }

    private void set(HttpConnection connection, long deadline) {
        deadlines.computeIfPresent(connection, (key, before) -> deadline);
    }

    /** Closes those that are too late. */
    void sweep() {
        long now = System.nanoTime();
        List<HttpConnection> late =
                deadlines.entrySet().stream()
                        .filter(entry -> entry.getValue() != NEVER && entry.getValue() - now < 0)
                        .map(Map.Entry::getKey)
                        .toList();
        late.forEach(HttpConnection::close);
    }
}
