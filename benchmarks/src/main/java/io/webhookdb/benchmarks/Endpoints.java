package io.webhookdb.benchmarks;

import io.webhookdb.benchmarks.DeliveryReceiver.Manner;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.core.execution.JobClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How old a change is when healthy endpoints hear of it, while others are dead, hang or fail, and
 * while none does. Both in turn, in either order, after one run that is not counted; each time with
 * a new job and broker.
 */
@Command(name = "endpoints", description = "Healthy endpoints beside dead, hanging and failing.")
final class Endpoints implements Callable<Integer> {
    private static final int PARALLELISM = 2;
    private static final long LIMIT_SECONDS = 120;

    @Option(names = "--endpoints", defaultValue = "100", description = "Default: 100.")
    int endpoints;

    @Option(
            names = "--sick",
            defaultValue = "10",
            description = "Of each of the three kinds (default: 10).")
    int sick;

    @Option(
            names = "--rate",
            defaultValue = "8",
            description = "Changes a second, each to every endpoint (default: 8).")
    int rate;

    @Option(names = "--seconds", defaultValue = "20", description = "Per run (default: 20).")
    int seconds;

    @Option(names = "--rounds", defaultValue = "5", description = "Pairs of runs (default: 5).")
    int rounds;

    @Mixin Output output;

    private final Samples wellP50 = new Samples();
    private final Samples wellP99 = new Samples();
    private final Samples sickP50 = new Samples();
    private final Samples sickP99 = new Samples();

    @Override
    public Integer call() throws Exception {
        String machine = Machine.description();
        run(sick); // While the compiler works.
        for (int round = 1; round <= rounds; round++) {
            boolean wellFirst = round % 2 == 1;
            Samples first = run(wellFirst ? 0 : sick);
            Samples second = run(wellFirst ? sick : 0);
            Samples well = wellFirst ? first : second;
            Samples beside = wellFirst ? second : first;
            wellP50.add(well.quantile(0.5));
            wellP99.add(well.quantile(0.99));
            sickP50.add(beside.quantile(0.5));
            sickP99.add(beside.quantile(0.99));
            System.err.printf(
                    Locale.ROOT,
                    "round %d: p99 %.0f ms, beside the sick %.0f ms%n",
                    round,
                    well.quantile(0.99),
                    beside.quantile(0.99));
        }
        report(machine).write(output.folder, "endpoints", plot());
        return 0;
    }

    /** Milliseconds from each change's announcement to its arrival, at the healthy. */
    private Samples run(int ofEachKind) throws Exception {
        int healthy = endpoints - 3 * sick;
        int warm = rate * 5;
        int changes = warm + rate * seconds;
        long[] sentAt = new long[changes];
        ConcurrentLinkedQueue<Double> millis = new ConcurrentLinkedQueue<>();
        AtomicInteger arrived = new AtomicInteger();
        try (Workspace workspace = Workspace.create();
                DeliverySystem system = new DeliverySystem(workspace.directory());
                DeliveryReceiver receiver = new DeliveryReceiver()) {
            for (int i = 0; i < healthy; i++) {
                system.subscribe(
                        "well_" + i,
                        receiver.listen(
                                Manner.TAKES,
                                id -> {
                                    int number =
                                            Integer.parseInt(id.substring(id.indexOf('-') + 1));
                                    arrived.incrementAndGet();
                                    if (number >= warm) {
                                        long nanos = System.nanoTime() - sentAt[number];
                                        millis.add(nanos / 1e6);
                                    }
                                }));
            }
            // The same number of deliveries in both runs: where none is sick, these are well, too.
            for (int i = 0; i < sick; i++) {
                boolean isSick = ofEachKind > 0;
                system.subscribe("dead_" + i, isSick ? dead() : listen(receiver, Manner.TAKES));
                system.subscribe(
                        "hangs_" + i, listen(receiver, isSick ? Manner.HANGS : Manner.TAKES));
                system.subscribe(
                        "fails_" + i, listen(receiver, isSick ? Manner.FAILS : Manner.TAKES));
            }
            JobClient job = system.start(PARALLELISM);
            for (int i = 0; i < changes; i++) {
                if (i == 1 || i == warm) {
                    await(arrived, (long) i * healthy);
                }
                sentAt[i] = System.nanoTime();
                system.change("chg-" + i, i);
                system.flush();
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1) / rate);
            }
            await(arrived, (long) changes * healthy);
            job.cancel().get();
        }
        Samples samples = new Samples();
        millis.forEach(samples::add);
        return samples;
    }

    private static String listen(DeliveryReceiver receiver, Manner manner) throws Exception {
        return receiver.listen(manner, id -> {});
    }

    /** Where nobody listens. */
    private static String dead() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + socket.getLocalPort() + "/hook";
        }
    }

    private static void await(AtomicInteger arrived, long wanted) {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (arrived.get() < wanted) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException(
                        arrived.get() + " of " + wanted + " deliveries came to the healthy.");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private Report report(String machine) {
        Report report =
                new Report(
                        "Healthy endpoints beside sick ones",
                        "benchmarks/run endpoints --endpoints %d --sick %d --rate %d --seconds %d --rounds %d"
                                .formatted(endpoints, sick, rate, seconds, rounds),
                        machine);
        report.paragraph(
                "%d endpoints, each hears of %d changes a second. In one run of a pair %d of them refuse connections, %d never answer, %d answer 500. Milliseconds from a change's announcement to its arrival, at the same %d healthy ones."
                        .formatted(endpoints, rate, sick, sick, sick, endpoints - 3 * sick));
        report.table("", "median", "spread", "aim");
        row(report, "p50, all healthy", wellP50, 0, "");
        row(report, "p50, beside the sick", sickP50, 0, "");
        row(report, "p99, all healthy", wellP99, 0, "");
        row(report, "p99, beside the sick", sickP99, 0, "");
        row(report, "p99 beside the sick / all healthy", sickP99.over(wellP99), 2, "≤ 1.20");
        return report;
    }

    private static void row(Report report, String name, Samples samples, int digits, String aim) {
        report.row(
                name,
                ("%." + digits + "f").formatted(samples.median()),
                samples.spread(digits),
                aim);
    }

    private String plot() {
        return new Bars("p99 at the healthy, ms")
                .add("all healthy", wellP99)
                .add("beside the sick", sickP99)
                .svg();
    }
}
