package io.webhookdb.controlplane.provisioner.periodic;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks, each on a thread of its own, so that a slow one delays no other. */
public final class PeriodicTasks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTasks.class);
    private static final int STOP_SECONDS = 10;

    private final List<ScheduledExecutorService> threads;
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    private PeriodicTasks(List<PeriodicTask> tasks) {
        this.threads = tasks.stream().map(this::schedule).toList();
    }

    /** Starts tasks; each runs at once and then in its period. */
    public static PeriodicTasks start(List<PeriodicTask> tasks) {
        Set<String> names = new HashSet<>();
        tasks.forEach(
                task -> {
                    if (!names.add(task.name())) {
                        throw new IllegalArgumentException("Two tasks are named " + task.name());
                    }
                });
        return new PeriodicTasks(tasks);
    }

    /** Stops; runs that have begun may end within {@value #STOP_SECONDS} seconds. */
    @Override
    public void close() {
        threads.forEach(ScheduledExecutorService::shutdownNow);
        try {
            for (ScheduledExecutorService thread : threads) {
                thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ScheduledExecutorService schedule(PeriodicTask task) {
        ScheduledExecutorService thread =
                Executors.newSingleThreadScheduledExecutor(
                        run -> {
                            Thread daemon = new Thread(run, task.name());
                            daemon.setDaemon(true);
                            return daemon;
                        });
        thread.scheduleWithFixedDelay(
                () -> run(task), 0, task.period().toMillis(), TimeUnit.MILLISECONDS);
        return thread;
    }

    /** An exception would end the schedule. The first of a row of failures is logged. */
    private void run(PeriodicTask task) {
        try {
            task.action().run();
            failing.remove(task.name());
        } catch (RuntimeException e) {
            if (!Thread.currentThread().isInterrupted() && failing.add(task.name())) {
                LOG.warn("{} failed, next attempt in {}", task.name(), task.period(), e);
            }
        }
    }
}
