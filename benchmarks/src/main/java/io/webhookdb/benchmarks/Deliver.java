package io.webhookdb.benchmarks;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.core.execution.JobClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Changes to signed webhooks: how many a second, and what each costs. */
@Command(name = "delivery", description = "Changes to signed webhooks at a local receiver.")
final class Deliver implements Callable<Integer> {
    private static final int PARALLELISM = 2;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long ASK_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(10);

    @Option(
            names = "--deliveries",
            defaultValue = "40000",
            description = "Per round (default: 40000).")
    int deliveries;

    @Option(names = "--rounds", defaultValue = "5", description = "Default: 5.")
    int rounds;

    @Option(
            names = "--warm-rounds",
            defaultValue = "4",
            description = "Rounds before, while the compiler works (default: 4).")
    int warmRounds;

    @Option(
            names = "--subscriptions",
            defaultValue = "8",
            description = "Each gets every change (default: 8).")
    int subscriptions;

    @Mixin Output output;

    private final Samples speed = new Samples();
    private final Samples own = new Samples();
    private final Map<String, Samples> groups = new LinkedHashMap<>();

    @Override
    public Integer call() throws Exception {
        String machine = Machine.description();
        try (Workspace workspace = Workspace.create();
                DeliverySystem system = new DeliverySystem(workspace.directory());
                DeliveryReceiver receiver = new DeliveryReceiver()) {
            String url = receiver.listen(DeliveryReceiver.Manner.TAKES, id -> {});
            for (int i = 0; i < subscriptions; i++) {
                system.subscribe("wsb_" + i, url);
            }
            JobClient job = system.start(PARALLELISM);
            for (int round = 1; round <= warmRounds; round++) {
                say(round(system, receiver, job, round), "warm " + round);
            }
            for (int round = 1; round <= rounds; round++) {
                Round one = round(system, receiver, job, warmRounds + round);
                keep(one);
                say(one, "round " + round);
            }
            checkNoneTwice(receiver);
            job.cancel().get();
        }
        report(machine).write(output.folder, "delivery", plot());
        return 0;
    }

    private record Round(double perSecond, Map<String, Double> micros) {}

    /** All changes are written first, the rate is that of the last nine tenths. */
    private Round round(DeliverySystem system, DeliveryReceiver receiver, JobClient job, int round)
            throws Exception {
        long before = receiver.taken();
        int changes = deliveries / subscriptions;
        long wanted = (long) changes * subscriptions;
        for (int i = 0; i < changes; i++) {
            system.change("chg-" + round + "-" + i, (long) round * changes + i);
        }
        system.flush();
        Map<String, Long> firstCpu = Map.of();
        long start = System.nanoTime();
        long askedAt = start;
        long firstAt = 0;
        long first = 0;
        while (true) {
            long taken = receiver.taken() - before;
            long now = System.nanoTime();
            if (firstAt == 0 && taken >= wanted / 10) {
                firstAt = now;
                first = taken;
                firstCpu = ThreadCpu.nanos();
            }
            if (taken >= wanted) {
                double measured = Math.max(1, taken - first);
                return new Round(
                        measured * 1e9 / Math.max(1, now - firstAt),
                        ThreadCpu.micros(firstCpu, ThreadCpu.nanos(), measured));
            }
            // Rarely: an answer costs the cluster more than a delivery costs the job.
            boolean asks = now - askedAt > ASK_NANOS;
            askedAt = asks ? now : askedAt;
            if (now - start > LIMIT_NANOS || (asks && job.getJobStatus().get().isTerminalState())) {
                throw new IllegalStateException(taken + " of " + wanted + " deliveries came.");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Rounds that hear deliveries again, or those of another round, would seem faster. */
    private void checkNoneTwice(DeliveryReceiver receiver) {
        LockSupport.parkNanos(ASK_NANOS);
        long wanted = (long) (deliveries / subscriptions) * subscriptions * (warmRounds + rounds);
        if (receiver.taken() != wanted) {
            throw new IllegalStateException(
                    receiver.taken() + " deliveries came, expected " + wanted + ".");
        }
    }

    private static double own(Round round) {
        return round.micros().entrySet().stream()
                .filter(entry -> isOurs(entry.getKey()))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private void keep(Round round) {
        speed.add(round.perSecond());
        own.add(own(round));
        round.micros()
                .forEach(
                        (group, micros) ->
                                groups.computeIfAbsent(group, name -> new Samples()).add(micros));
    }

    private static void say(Round round, String name) {
        System.err.printf(
                Locale.ROOT,
                "%s: %,.0f deliveries/s, %.0f µs of processor each%n",
                name,
                round.perSecond(),
                own(round));
    }

    private static boolean isOurs(String group) {
        return !group.equals(ThreadCpu.RECEIVER) && !group.equals(ThreadCpu.LOAD_GROUP);
    }

    private Report report(String machine) {
        Report report =
                new Report(
                        "Changes to signed webhooks",
                        "benchmarks/run delivery --deliveries %d --rounds %d --warm-rounds %d --subscriptions %d"
                                .formatted(deliveries, rounds, warmRounds, subscriptions),
                        machine);
        report.paragraph(
                "Changes of Stripe charges of 1.3 kB, each to "
                        + subscriptions
                        + " subscriptions at one receiver that answers at once. The delivery job"
                        + " as in production with parallelism "
                        + PARALLELISM
                        + ", its broker and the receiver in one process, after "
                        + warmRounds
                        + " rounds that are not counted. Processor time is per"
                        + " delivery, and of ours without the receiver; other programs on the"
                        + " machine hardly change it.");
        report.table("what", "median", "spread", "aim");
        report.row("deliveries/s", "%,.0f".formatted(speed.median()), speed.spread(0), "≥ 4,000");
        report.row("our processor time, µs", "%.0f".formatted(own.median()), own.spread(0), "");
        report.table("threads", "µs per delivery", "spread");
        groups.forEach(
                (group, samples) ->
                        report.row(group, "%.0f".formatted(samples.median()), samples.spread(0)));
        return report;
    }

    private String plot() {
        Bars bars = new Bars("Processor time per delivery, µs");
        groups.forEach(bars::add);
        return bars.svg();
    }
}
