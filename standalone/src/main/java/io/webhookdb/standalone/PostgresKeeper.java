package io.webhookdb.standalone;

import io.webhookdb.embedded.EmbeddedPostgresServer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the embedded Postgres again where it has ended by itself, as service managers do for a
 * server of its own: it is another process, which may be killed for its memory, say. Everything
 * that uses it waits meanwhile, as for any server that is away.
 */
final class PostgresKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresKeeper.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final EmbeddedPostgresServer server;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "postgres-keeper");
                        thread.setDaemon(true);
                        return thread;
                    });

    /** Why it did not start the last time, so that a lasting reason is told once. */
    private String reason = "";

    private PostgresKeeper(EmbeddedPostgresServer server) {
        this.server = server;
    }

    /** Looks after a running server until it is closed itself; close it before the server. */
    static PostgresKeeper of(EmbeddedPostgresServer server) {
        PostgresKeeper keeper = new PostgresKeeper(server);
        long millis = BETWEEN_LOOKS.toMillis();
        keeper.timer.scheduleWithFixedDelay(keeper::look, millis, millis, TimeUnit.MILLISECONDS);
        return keeper;
    }

    private void look() {
        try {
            if (server.start()) {
                LOG.warn("Postgres had ended by itself and was started again");
            }
            reason = "";
        } catch (RuntimeException e) {
            if (!timer.isShutdown() && !Objects.equals(reason, e.getMessage())) {
                reason = e.getMessage();
                LOG.warn("Postgres has ended and does not start", e);
            }
        }
    }

    /** Returns at once; a start that has begun is waited for by the server's own close. */
    @Override
    public void close() {
        timer.shutdown();
    }
}
