package io.webhookdb.controlplane.database;

import io.webhookdb.schemas.status.KeysetsRead;
import io.webhookdb.security.keyset.KeysetFolder;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;

/** Tells now and then which keys this part of the control plane holds. */
public final class KeysetWatch implements AutoCloseable {
    private final Jdbi jdbi;
    private final KeysetFolder keysets;
    private final String reader;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "keyset-watch");
                        thread.setDaemon(true);
                        return thread;
                    });

    private KeysetWatch(Jdbi jdbi, KeysetFolder keysets, String part) {
        this.jdbi = jdbi;
        this.keysets = keysets;
        this.reader = part + "/" + UUID.randomUUID();
    }

    /**
     * Starts telling.
     *
     * @param part kind of the part, such as {@code api}
     */
    public static KeysetWatch start(Jdbi jdbi, KeysetFolder keysets, String part) {
        KeysetWatch watch = new KeysetWatch(jdbi, keysets, part);
        watch.timer.scheduleWithFixedDelay(
                watch::tell, 0, KeysetsRead.EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    private void tell() {
        try {
            jdbi.useTransaction(handle -> KeysetHoldings.told(handle, reader, keysets.held()));
        } catch (RuntimeException e) {
            // A database or folder that is away shows elsewhere, and a rotation waits for the next
            // time.
            return;
        }
    }

    /** Stops; what it told is forgotten when it is old. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
