package io.webhookdb.connectors.replica;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Connections nobody uses, found by their target and, the longest idle first, by their server: no
 * batch looks at those of other databases. Not thread-safe.
 *
 * @param <T> what a connection is open to
 * @param <C> a connection
 */
final class IdleConnections<T, C> {
    private final Map<T, Deque<Entry<T, C>>> byTarget = new HashMap<>();
    private final Map<String, Set<Entry<T, C>>> byServer = new HashMap<>();

    /** Equal to itself alone. */
    private static final class Entry<T, C> {
        private final T target;
        private final String server;
        private final C connection;
        private final long since;

        Entry(T target, String server, C connection, long since) {
            this.target = target;
            this.server = server;
            this.connection = connection;
            this.since = since;
        }
    }

    /**
     * A connection is idle from now on.
     *
     * @param now nanoseconds of the caller's clock; never less than before
     */
    void add(T target, String server, C connection, long now) {
        Entry<T, C> entry = new Entry<>(target, server, connection, now);
        byTarget.computeIfAbsent(target, any -> new ArrayDeque<>()).addLast(entry);
        byServer.computeIfAbsent(server, any -> new LinkedHashSet<>()).add(entry);
    }

    /** Takes out the one to that target that was used last. */
    Optional<C> take(T target) {
        Deque<Entry<T, C>> known = byTarget.get(target);
        return known == null ? Optional.empty() : Optional.of(removed(known.peekLast()));
    }

    /** Takes out the one to that server that has been idle longest. */
    Optional<C> takeOldest(String server) {
        Set<Entry<T, C>> known = byServer.get(server);
        return known == null ? Optional.empty() : Optional.of(removed(known.iterator().next()));
    }

    /** Takes out those idle since then or before. */
    List<C> takeIdleSince(long then) {
        List<Entry<T, C>> old = new ArrayList<>();
        for (Set<Entry<T, C>> ofServer : byServer.values()) {
            Iterator<Entry<T, C>> oldestFirst = ofServer.iterator();
            boolean more = true;
            while (more && oldestFirst.hasNext()) {
                Entry<T, C> entry = oldestFirst.next();
                more = entry.since - then <= 0;
                if (more) {
                    old.add(entry);
                }
            }
        }
        return old.stream().map(this::removed).toList();
    }

    /** Takes out all. */
    List<C> takeAll() {
        List<C> all =
                byServer.values().stream()
                        .flatMap(Set::stream)
                        .map(entry -> entry.connection)
                        .toList();
        byTarget.clear();
        byServer.clear();
        return all;
    }

    private C removed(Entry<T, C> entry) {
        Deque<Entry<T, C>> ofTarget = byTarget.get(entry.target);
        ofTarget.remove(entry);
        if (ofTarget.isEmpty()) {
            byTarget.remove(entry.target);
        }
        Set<Entry<T, C>> ofServer = byServer.get(entry.server);
        ofServer.remove(entry);
        if (ofServer.isEmpty()) {
            byServer.remove(entry.server);
        }
        return entry.connection;
    }
}
