package io.webhookdb.controlplane.provisioner;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One thread per replication server, so that a slow or dead server delays only its own
 * organizations. At most one piece of work per entity at a time.
 */
final class ServerLanes implements AutoCloseable {
    private static final int QUEUE = 16;

    private final Map<String, ExecutorService> lanes = new ConcurrentHashMap<>();
    private final Set<String> inFlight = ConcurrentHashMap.newKeySet();
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    /** What became of a submission. */
    enum Submission {
        ACCEPTED,
        /** The server has enough to do; later. */
        FULL
    }

    /** Whether work for this entity is queued or running. */
    boolean busy(String entity) {
        return inFlight.contains(entity);
    }

    /** Runs work for an entity on its server's thread. The work handles its own failures. */
    Submission submit(String server, String entity, Runnable work) {
        inFlight.add(entity);
        try {
            lanes.computeIfAbsent(server, ServerLanes::lane)
                    .execute(
                            () -> {
                                try {
                                    work.run();
                                } finally {
                                    inFlight.remove(entity);
                                }
                            });
            return Submission.ACCEPTED;
        } catch (RejectedExecutionException e) {
            inFlight.remove(entity);
            return Submission.FULL;
        }
    }

    /** Servers whose last work failed because they could not be reached. */
    Set<String> failing() {
        return Set.copyOf(failing);
    }

    void reached(String server) {
        failing.remove(server);
    }

    void unreachable(String server) {
        failing.add(server);
    }

    /** Work that is running is interrupted; it is repeatable. */
    @Override
    public void close() {
        lanes.values().forEach(ExecutorService::shutdownNow);
    }

    private static ExecutorService lane(String server) {
        ThreadPoolExecutor lane =
                new ThreadPoolExecutor(
                        1,
                        1,
                        30,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(QUEUE),
                        task -> {
                            Thread thread = new Thread(task, "provision-" + server);
                            thread.setDaemon(true);
                            return thread;
                        });
        lane.allowCoreThreadTimeOut(true);
        return lane;
    }
}
