package io.webhookdb.connectors.backfill;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads of one subtask: for reading answers, and for reading tables. */
final class BackfillWorkers implements AutoCloseable {
    private static final int COMPUTERS = 2;
    private static final int READERS = 4;

    private final ThreadPoolExecutor computers;
    private final ThreadPoolExecutor readers;

    BackfillWorkers(String name) {
        computers = pool(COMPUTERS, name + "-answer");
        readers = pool(READERS, name + "-table");
    }

    void compute(Runnable work) {
        run(computers, work);
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
        AtomicInteger number = new AtomicInteger();
        ThreadFactory named =
                work -> {
                    Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                };
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        threads, threads, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    @Override
    public void close() {
        computers.shutdownNow();
        readers.shutdown();
    }
}
