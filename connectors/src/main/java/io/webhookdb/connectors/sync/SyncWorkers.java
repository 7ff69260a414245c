package io.webhookdb.connectors.sync;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads of one subtask that talk to targets and databases. */
final class SyncWorkers implements AutoCloseable {
    private static final long KEEP_IDLE_SECONDS = 30;

    private final ThreadPoolExecutor senders;
    private final ThreadPoolExecutor trials;
    private final ThreadPoolExecutor readers;

    SyncWorkers(SyncSettings settings, String name) {
        senders = pool(settings.threads(), name + "-send");
        trials = pool(settings.trialThreads(), name + "-trial");
        readers = pool(settings.readThreads(), name + "-read");
    }

    void send(Runnable work) {
        run(senders, work);
    }

    /** For what may well take long, because it did before. */
    void tryToSend(Runnable work) {
        run(trials, work);
    }

    void read(Runnable work) {
        run(readers, work);
    }

    private static void run(ThreadPoolExecutor pool, Runnable work) {
        try {
            pool.execute(work);
        } catch (RejectedExecutionException e) {
            // The task is over.
            return;
        }
    }

    private static ThreadPoolExecutor pool(int threads, String name) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        KEEP_IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        named(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** What is under way ends by its own timeouts, and connections are closed after it. */
    @Override
    public void close() {
        senders.shutdown();
        trials.shutdown();
        readers.shutdown();
    }
}
