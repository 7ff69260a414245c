package io.webhookdb.benchmarks;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Load before anything counts, until the just-in-time compiler has little left to do. On two
 * processors that are busy its one thread for optimized code gets so small a share that what it
 * should compile waits for minutes, and hot methods run at half their speed meanwhile. So after
 * each round the compiler has the machine to itself until its queue is empty.
 */
final class WarmUp {
    /** Of the processor time of a round. */
    private static final double LITTLE = 0.04;

    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** As much load as a phase that counts. */
    interface Round {
        void run(int number) throws Exception;
    }

    private WarmUp() {}

    /**
     * @param most rounds, and how many there are where threads cannot be told apart
     */
    static void run(int most, Round round) throws Exception {
        for (int number = 1; number <= most; number++) {
            Map<String, Double> before = NativeThreadCpu.micros();
            round.run(number);
            double share = compilersShare(NativeThreadCpu.since(before, 1));
            double seconds = awaitCompiler();
            System.err.printf(
                    Locale.ROOT,
                    "warm-up %d: %.0f %% of our processor time was the compiler's, and %.1f s"
                            + " after it%n",
                    number,
                    100 * share,
                    seconds);
            if (share < LITTLE) {
                return;
            }
        }
    }

    private static double compilersShare(Map<String, Double> micros) {
        double all = micros.values().stream().mapToDouble(Double::doubleValue).sum();
        return all == 0 ? 1 : compiler(micros) / all;
    }

    private static double compiler(Map<String, Double> micros) {
        return micros.getOrDefault(NativeThreadCpu.COMPILER, 0.0);
    }

    /** Seconds until the compiler rested. */
    private static double awaitCompiler() {
        long start = System.nanoTime();
        double known = Double.NEGATIVE_INFINITY;
        double now = compiler(NativeThreadCpu.micros());
        while (now - known > TimeUnit.NANOSECONDS.toMicros(LOOK.toNanos()) / 10.0
                && System.nanoTime() - start < LONGEST_PAUSE.toNanos()) {
            known = now;
            LockSupport.parkNanos(LOOK.toNanos());
            now = compiler(NativeThreadCpu.micros());
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
