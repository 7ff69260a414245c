package io.webhookdb.jobs.delivery;

import io.webhookdb.schemas.control.SubscriptionControl.Ordering;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.flink.core.execution.JobClient;

/**
 * Signed deliveries a second: the delivery job as it is deployed (Kafka, RocksDB, checkpoints every
 * half second), to one local receiver, all in one process. A main, not a test: {@code
 * DeliveryBenchmark [CHANGES [RUNS]]}.
 */
final class DeliveryBenchmark {
    private static final String INTEGRATION = "svi_1";
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final int SUBSCRIPTIONS = 8;

    private DeliveryBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        int changes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        int runs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        Path directory = Files.createTempDirectory("delivery-benchmark");
        double[] rates = new double[runs];
        try (TestingDelivery system = new TestingDelivery(directory);
                CountingReceiver receiver = new CountingReceiver()) {
            system.integration(INTEGRATION, 5);
            for (int i = 0; i < SUBSCRIPTIONS; i++) {
                system.publish(
                        system.subscription(
                                "whs_" + i, 5, null, receiver.url(), Ordering.PARALLEL));
            }
            JobClient job = system.start("5s", null);
            run(system, receiver, "warm", changes);
            for (int i = 0; i < runs; i++) {
                rates[i] = run(system, receiver, "run" + i, changes);
                System.out.printf("run %d: %.0f deliveries/s%n", i + 1, rates[i]);
            }
            job.cancel().get();
        } finally {
            delete(directory);
        }
        Arrays.sort(rates);
        System.out.printf(
                "median %.0f, from %.0f to %.0f deliveries/s%n",
                rates[runs / 2], rates[0], rates[runs - 1]);
        System.exit(0);
    }

    private static double run(
            TestingDelivery system, CountingReceiver receiver, String name, int deliveries) {
        long before = receiver.count();
        long start = System.nanoTime();
        for (int i = 0; i < deliveries / SUBSCRIPTIONS; i++) {
            String id = name + "-" + i;
            system.changeSoon(id, 5, INTEGRATION, "cus_" + id);
        }
        long wanted = before + deliveries / SUBSCRIPTIONS * SUBSCRIPTIONS;
        while (receiver.count() < wanted) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return deliveries / ((System.nanoTime() - start) / 1e9);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }
}
