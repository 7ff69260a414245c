package io.webhookdb.ingest.spool;

import io.webhookdb.schemas.event.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps events in the order in which they are given until somebody has drained them, bounded in
 * bytes, through crashes of process and machine.
 *
 * <p>One thread writes: whatever was given while the disk was busy goes into one write and one
 * fsync, so the rate does not depend on how slow the disk's fsync is. Thread-safe; one thread
 * drains.
 */
public final class Spool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final int GROUP_RECORDS = 4_096;
    private static final long CLOSE_MILLIS = 10_000;

    private final SpoolSettings settings;
    private final SpoolFiles files;
    private final Object filesLock = new Object();
    private final Object queueLock = new Object();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final Thread writer = new Thread(this::write, "ingest-spool-writer");
    private List<Waiting> queue = new ArrayList<>();
    private boolean closed;
    private volatile long fileBytes;
    private volatile long records;
    private volatile long oldestMicros;
    private volatile boolean failing;

    private record Waiting(ByteBuffer frame, long receivedMicros, Consumer<SpoolResult> done) {}

    private Spool(SpoolSettings settings, SpoolFiles files) {
        this.settings = settings;
        this.files = files;
    }

    /**
     * Opens the folder and what an earlier run left in it.
     *
     * @throws UncheckedIOException if the folder cannot be used, or another process uses it
     */
    public static Spool open(SpoolSettings settings) {
        try {
            Spool spool =
                    new Spool(
                            settings,
                            SpoolFiles.open(settings.directory(), settings.segmentBytes()));
            spool.note();
            spool.writer.setDaemon(true);
            spool.writer.start();
            return spool;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The spool %s cannot be used: %s"
                            .formatted(settings.directory(), e.getMessage()),
                    e);
        }
    }

    /**
     * Keeps an event. Does not wait.
     *
     * @param done told once, by another thread or at once by this one
     */
    public void append(Event event, Consumer<SpoolResult> done) {
        ByteBuffer frame = Frames.encode(event);
        int bytes = frame.remaining();
        SpoolResult refusal = SpoolResult.FULL;
        synchronized (queueLock) {
            if (closed) {
                refusal = SpoolResult.FAILED;
            } else if (fileBytes + queuedBytes.get() + bytes <= settings.limitBytes()) {
                queuedBytes.addAndGet(bytes);
                queue.add(new Waiting(frame, event.receivedAtMicros(), done));
                queueLock.notifyAll();
                return;
            }
        }
        done.accept(refusal);
    }

    private void write() {
        List<Waiting> group = take();
        while (!group.isEmpty()) {
            SpoolResult result = SpoolResult.KEPT;
            long bytes = group.stream().mapToLong(waiting -> waiting.frame().remaining()).sum();
            synchronized (filesLock) {
                try {
                    files.append(group.stream().map(Waiting::frame).toList());
                    if (records == 0) {
                        oldestMicros = group.get(0).receivedMicros();
                    }
                } catch (IOException e) {
                    result = SpoolResult.FAILED;
                    noteFailure(e);
                }
                queuedBytes.addAndGet(-bytes);
                note();
                filesLock.notifyAll();
            }
            if (result == SpoolResult.KEPT && failing) {
                failing = false;
                LOG.info("The spool {} takes events again", settings.directory());
            }
            for (Waiting waiting : group) {
                waiting.done().accept(result);
            }
            group = take();
        }
    }

    private void noteFailure(IOException error) {
        if (!failing) {
            failing = true;
            LOG.error("The spool {} does not take events", settings.directory(), error);
        }
    }

    /** What waits, at most a group of it; empty when closed and done. */
    private List<Waiting> take() {
        synchronized (queueLock) {
            while (queue.isEmpty() && !closed) {
                try {
                    queueLock.wait();
                } catch (InterruptedException e) {
                    closed = true;
                }
            }
            if (queue.size() <= GROUP_RECORDS) {
                List<Waiting> all = queue;
                queue = new ArrayList<>();
                return all;
            }
            List<Waiting> head = queue.subList(0, GROUP_RECORDS);
            List<Waiting> group = List.copyOf(head);
            head.clear();
            return group;
        }
    }

    /**
     * The oldest events that are not drained; the same again until {@link #drained}.
     *
     * @param waitMillis how long to wait for one if there is none
     */
    public List<Event> next(int mostRecords, long mostBytes, long waitMillis)
            throws InterruptedException {
        synchronized (filesLock) {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
            long left = waitMillis;
            while (files.isDrained() && left > 0) {
                filesLock.wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            }
            try {
                List<Event> events = files.next(mostRecords, mostBytes);
                if (!events.isEmpty()) {
                    oldestMicros = events.get(0).receivedAtMicros();
                }
                note();
                return events;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The events of the last {@link #next} are elsewhere now. */
    public void drained(int count) {
        synchronized (filesLock) {
            try {
                files.drained(count);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                note();
            }
        }
    }

    /** Keeps an event apart that nobody else will ever take; to be drained then. */
    public void refuse(Event event) {
        synchronized (filesLock) {
            try {
                files.refuse(event);
                refused.incrementAndGet();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Whether nothing is kept and nothing is about to be. */
    public boolean isEmpty() {
        synchronized (filesLock) {
            return files.isDrained() && queuedBytes.get() == 0;
        }
    }

    private void note() {
        fileBytes = files.bytes();
        records = files.records();
        if (records == 0) {
            oldestMicros = 0;
        }
    }

    /** On the disk and about to be. */
    public long bytes() {
        return fileBytes + queuedBytes.get();
    }

    /** Events that are not drained. */
    public long records() {
        return records;
    }

    /** Events kept apart since the start. */
    public long refused() {
        return refused.get();
    }

    /** When the oldest event came, microseconds since the epoch; 0 if there is none. */
    public long oldestMicros() {
        return oldestMicros;
    }

    /** Writes what was given, then lets go of the files. */
    @Override
    public void close() {
        synchronized (queueLock) {
            closed = true;
            queueLock.notifyAll();
        }
        try {
            writer.join(CLOSE_MILLIS);
            synchronized (filesLock) {
                files.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
