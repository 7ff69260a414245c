package io.webhookdb.benchmarks;

import io.webhookdb.schemas.Topics;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Follows how many changes the job has announced, that is how many rows are committed. The time a
 * job takes to start is left out: the rate is that of the last nine tenths.
 */
final class Progress {
    /** Each look is a question to the broker, whose processor time counts as ours. */
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Longest time without another row. */
    private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(2);

    /**
     * How it went.
     *
     * @param perSecond rows a second
     * @param cpuMicros processor time of this process per row (job, broker), microseconds
     * @param postgresMicros processor time of Postgres per row, microseconds
     * @param threads this process's by what its threads do; empty where it was not looked at
     */
    record Rate(
            double perSecond,
            double cpuMicros,
            double postgresMicros,
            Map<String, Double> threads) {
        Rate(double perSecond, double cpuMicros, double postgresMicros) {
            this(perSecond, cpuMicros, postgresMicros, Map.of());
        }
    }

    /** Says whether the database really holds what was announced. */
    interface Completion {
        boolean isReached() throws Exception;
    }

    private Progress() {}

    /**
     * Waits until that many more rows are announced and everything is there: what a restart
     * announces again counts as well.
     *
     * @param before what {@code changes} held before
     */
    static Rate follow(
            BenchmarkSystem system, BenchmarkJob job, long before, long rows, Completion completion)
            throws Exception {
        long lastRowAt = System.nanoTime();
        long lastRows = 0;
        long firstAt = 0;
        long firstRows = 0;
        long firstCpu = 0;
        long firstPostgres = 0;
        Map<String, Double> firstThreads = Map.of();
        while (true) {
            long done = system.records(Topics.CHANGES) - before;
            long now = System.nanoTime();
            if (firstAt == 0 && done >= rows / 10) {
                firstAt = now;
                firstRows = done;
                firstCpu = cpuNanos();
                firstPostgres = system.postgresCpu().nanos();
                firstThreads = NativeThreadCpu.micros();
            }
            if (done >= rows && completion.isReached()) {
                double measured = Math.max(1, done - firstRows);
                return new Rate(
                        measured * 1e9 / Math.max(1, now - firstAt),
                        (cpuNanos() - firstCpu) / 1e3 / measured,
                        (system.postgresCpu().nanos() - firstPostgres) / 1e3 / measured,
                        NativeThreadCpu.since(firstThreads, measured));
            }
            if (done > lastRows) {
                lastRows = done;
                lastRowAt = now;
            }
            if (now - lastRowAt > LIMIT_NANOS) {
                throw new IllegalStateException(
                        done + " of " + rows + " rows, and no other for two minutes.");
            }
            job.checkRunning();
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Waits until that many more rows are announced, which may be more often than once. */
    static void await(BenchmarkSystem system, BenchmarkJob job, long before, long rows)
            throws Exception {
        follow(system, job, before, rows, () -> true);
    }

    /** Processor time of this process so far. */
    static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
