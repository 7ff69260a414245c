package io.webhookdb.controlplane.provisioner.rotation;

import io.webhookdb.security.keyset.KeysetEditor;
import io.webhookdb.security.keyset.KeysetFolder;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets parts that are gone and, where there is a schedule, rotates by it and goes on with what
 * was begun, in a thread of its own. Without a schedule an operator's command rotates: this process
 * may hold a copy of the keysets, and must not change that on its own.
 */
public final class RotationWork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RotationWork.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

    private final Jdbi jdbi;
    private final Rotation rotation;
    private final Optional<Duration> every;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "key-rotation");

    private RotationWork(Jdbi jdbi, Rotation rotation, Optional<Duration> every) {
        this.jdbi = jdbi;
        this.rotation = rotation;
        this.every = every;
        thread.setDaemon(true);
    }

    /**
     * Starts.
     *
     * @param every how old keys get before a rotation begins by itself; empty for any age
     * @return what stops it
     * @throws IllegalStateException if there is a schedule and the folder is not all there
     */
    public static RotationWork start(
            Jdbi jdbi, KeysetFolder keysets, RotationTimes times, Optional<Duration> every) {
        RotationWork work = new RotationWork(jdbi, new Rotation(jdbi, keysets, times), every);
        if (every.isPresent() && !KeysetEditor.canEdit(keysets)) {
            throw new IllegalStateException(
                    "WEBHOOKDB_KEY_ROTATION_DAYS is set, but "
                            + keysets.path()
                            + " lacks a keyset or cannot be written. Allowed without: rotate by"
                            + " `webhookdb admin rotate-keys`.");
        }
        work.thread.start();
        return work;
    }

    private void run() {
        while (!stopped(LOOK)) {
            try {
                if (every.isPresent()) {
                    rotate(every.get());
                }
                jdbi.useHandle(KeysetReaders::forget);
            } catch (RuntimeException e) {
                LOG.error("Keys are not rotated, trying again in {}", AFTER_FAILURE, e);
                stopped(AFTER_FAILURE);
            }
        }
    }

    private void rotate(Duration age) {
        if (isDue(age)) {
            LOG.info("Rotation {} of the keysets begins", rotation.begin(Set.of()));
        }
        while (rotation.advance() && !stopped(Duration.ZERO)) {
            continue;
        }
    }

    /** The keys' age is that of the last rotation, or of the first organization. */
    private boolean isDue(Duration age) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "SELECT coalesce((SELECT max(started_at) FROM"
                                            + " key_rotations), (SELECT min(created_at) FROM"
                                            + " organizations), now()) < now() - make_interval(secs"
                                            + " => :seconds)")
                                .bind("seconds", (double) age.toSeconds())
                                .mapTo(Boolean.class)
                                .one());
    }

    private boolean stopped(Duration wait) {
        try {
            return stop.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
