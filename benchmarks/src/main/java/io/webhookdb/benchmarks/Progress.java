package io.webhookdb.benchmarks;

import io.webhookdb.schemas.Topics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Follows how many changes the job has announced, that is how many rows are committed. The time a
 * job takes to start is left out: the rate is that of the last nine tenths, or from a {@link Mark}
 * on that was made when the job had started.
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

        /** Without the processor time of one kind of threads, where threads can be told apart. */
        Rate without(String group) {
            Map<String, Double> others = new TreeMap<>(threads);
            Double theirs = others.remove(group);
            return new Rate(
                    perSecond, cpuMicros - (theirs == null ? 0 : theirs), postgresMicros, others);
        }
    }

    /** What had been used at a moment. */
    record Mark(long at, long rows, long cpu, long postgres, Map<String, Double> threads) {
        /**
         * @param rows how many of those that count are there already
         */
        static Mark now(BenchmarkSystem system, long rows) throws IOException {
            return new Mark(
                    System.nanoTime(),
                    rows,
                    cpuNanos(),
                    system.postgresCpu().nanos(),
                    NativeThreadCpu.micros());
        }

        Rate since(BenchmarkSystem system, long done) throws IOException {
            double measured = Math.max(1, done - rows);
            return new Rate(
                    measured * 1e9 / Math.max(1, System.nanoTime() - at),
                    (cpuNanos() - cpu) / 1e3 / measured,
                    (system.postgresCpu().nanos() - postgres) / 1e3 / measured,
                    NativeThreadCpu.since(threads, measured));
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
        return follow(system, job, before, rows, completion, null);
    }

    /**
     * The same.
     *
     * @param from from when on it counts; null for when a tenth is there
     */
    static Rate follow(
            BenchmarkSystem system,
            BenchmarkJob job,
            long before,
            long rows,
            Completion completion,
            Mark from)
            throws Exception {
        long lastRowAt = System.nanoTime();
        long lastRows = 0;
        Mark first = from;
        while (true) {
            long done = system.records(Topics.CHANGES) - before;
            if (first == null && done >= rows / 10) {
                first = Mark.now(system, done);
            }
            if (done >= rows && completion.isReached()) {
                return first.since(system, done);
            }
            long now = System.nanoTime();
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
