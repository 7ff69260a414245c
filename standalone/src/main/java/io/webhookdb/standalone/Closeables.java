package io.webhookdb.standalone;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was started, stopped in reverse order. One part that fails to stop does not keep the others.
 */
final class Closeables implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Closeables.class);

    private final Deque<Part> parts = new ArrayDeque<>();

    private boolean closed;

    private record Part(String name, AutoCloseable closeable) {}

    /**
     * Takes over a part that was just started.
     *
     * @throws IllegalStateException if everything is being stopped; the part is stopped, too
     */
    synchronized <T extends AutoCloseable> T add(String name, T closeable) {
        parts.push(new Part(name, closeable));
        if (closed) {
            close();
            throw new IllegalStateException("Stopped while " + name + " was starting.");
        }
        return closeable;
    }

    @Override
    public synchronized void close() {
        closed = true;
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            long started = System.nanoTime();
            try {
                part.closeable().close();
                LOG.info(
                        "Stopped {} in {} ms",
                        part.name(),
                        (System.nanoTime() - started) / 1_000_000);
            } catch (Exception e) {
                LOG.warn("{} did not stop cleanly", part.name(), e);
            }
        }
    }
}
