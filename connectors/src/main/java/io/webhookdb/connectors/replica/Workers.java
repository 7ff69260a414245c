package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.replica.LaneScheduler.Pool;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that talk to databases. The scheduler never starts more than there are. */
final class Workers implements AutoCloseable {
    private static final long KEEP_IDLE_SECONDS = 30;

    private final Map<Pool, ThreadPoolExecutor> pools = new EnumMap<>(Pool.class);

    Workers(ReplicaWriterSettings settings, String name) {
        pools.put(Pool.WELL, pool(settings.threads(), name + "-replica"));
        pools.put(Pool.SLOW, pool(settings.threadsForSlow(), name + "-replica-slow"));
        pools.put(Pool.PROBE, pool(settings.threadsForProbes(), name + "-replica-probe"));
    }

    void run(Pool pool, Runnable work) {
        pools.get(pool).execute(work);
    }

    private static ThreadPoolExecutor pool(int threads, String name) {
        AtomicInteger number = new AtomicInteger();
        ThreadFactory factory =
                work -> {
                    Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                };
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        KEEP_IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        factory);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    @Override
    public void close() {
        pools.values().forEach(ThreadPoolExecutor::shutdownNow);
    }
}
