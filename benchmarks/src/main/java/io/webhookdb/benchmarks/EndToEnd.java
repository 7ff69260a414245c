package io.webhookdb.benchmarks;

import io.webhookdb.ingest.IngestServer;
import io.webhookdb.ingest.IngestSettings;
import io.webhookdb.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Signed POSTs to rows: how many a second, and how old a row is when it becomes visible at parts of
 * that rate. The sender, which signs, runs on the same machine.
 */
@Command(name = "endtoend", description = "Signed POSTs to rows: throughput and freshness.")
final class EndToEnd implements Callable<Integer> {
    private static final long ORGANIZATION = 1;
    private static final String INTEGRATION = "svi_endtoend";
    private static final double[] SHARES = {0.1, 0.5, 0.8};

    @Option(names = "--events", defaultValue = "100000", description = "At most (default: 100000).")
    int events;

    @Option(names = "--seconds", defaultValue = "8", description = "Per rate (default: 8).")
    int seconds;

    @Option(
            names = "--warm-ups",
            defaultValue = "12",
            description =
                    "At most, of as many events each, until the compiler is done (default: 12).")
    int warmUps;

    @Mixin Output output;

    /**
     * @param perSecond rows a second, from the first POST to the last commit
     * @param busy share of the processors that all of it took
     */
    private record Line(
            String load,
            double accepted,
            double perSecond,
            double busy,
            Samples millis,
            Map<String, Double> threads) {}

    @Override
    public Integer call() throws Exception {
        String machine = Machine.description();
        List<Line> lines = new ArrayList<>();
        Line maximum;
        try (Workspace workspace = Workspace.create();
                BenchmarkSystem system = new BenchmarkSystem(workspace.directory())) {
            system.createOrganization(ORGANIZATION);
            system.createIntegration(ORGANIZATION, INTEGRATION, "charges", WebhookSender.SECRET);
            BenchmarkJob job = BenchmarkJob.start(system, 2, null);
            try (IngestServer ingest =
                            IngestServer.start(
                                    IngestSettings.builder(
                                                    system.bootstrap(), system.keysets().ingest())
                                            .build());
                    WebhookSender sender = new WebhookSender(ingest.port(), INTEGRATION);
                    Freshness freshness = new Freshness(system)) {
                Load load = new Load(system, job, sender, freshness);
                WarmUp.run(warmUps, number -> load.run(events, Double.POSITIVE_INFINITY));
                maximum = load.run(events, Double.POSITIVE_INFINITY);
                for (double share : SHARES) {
                    double perSecond = maximum.perSecond() * share;
                    lines.add(load.run((int) Math.min(events, seconds * perSecond), perSecond));
                }
                lines.add(maximum);
            }
            job.stop();
        }
        report(machine, maximum, lines);
        return 0;
    }

    /** Posts, and waits for the rows. What they tell of their age is read when all are there. */
    private record Load(
            BenchmarkSystem system, BenchmarkJob job, WebhookSender sender, Freshness freshness) {
        Line run(int count, double perSecond) throws Exception {
            long announced = system.records(Topics.CHANGES);
            long start = System.nanoTime();
            Instant firstPost = Instant.now();
            long own = Progress.cpuNanos();
            long postgres = system.postgresCpu().nanos();
            Map<String, Double> before = NativeThreadCpu.micros();
            double accepted = sender.send(count, perSecond);
            Progress.await(system, job, announced, count);
            Map<String, Double> threads = NativeThreadCpu.since(before, count);
            double postgresNanos = system.postgresCpu().nanos() - postgres;
            double all = Progress.cpuNanos() - own + postgresNanos;
            double available =
                    (System.nanoTime() - start)
                            * (double) Runtime.getRuntime().availableProcessors();
            threads.put("Postgres", postgresNanos / 1e3 / count);
            Samples millis = freshness.of(count, sender.sentAt());
            double seconds = Duration.between(firstPost, freshness.lastCommit()).toNanos() / 1e9;
            String load =
                    Double.isInfinite(perSecond)
                            ? "as fast as answers come"
                            : "%,.0f/s".formatted(perSecond);
            return new Line(load, accepted, count / seconds, all / available, millis, threads);
        }
    }

    private void report(String machine, Line maximum, List<Line> lines) throws Exception {
        Report report =
                new Report(
                        "Signed POSTs to rows",
                        "benchmarks/run endtoend --events " + events + " --seconds " + seconds,
                        machine);
        report.paragraph(
                "Sustained: %,.0f signed webhooks a second from the first POST to the last visible row."
                                .formatted(maximum.perSecond())
                        + " Freshness is from the beginning of a POST to the commit of its row.");
        report.table(
                "load",
                "acknowledged/s",
                "rows/s",
                "p50 ms",
                "p99 ms",
                "max ms",
                "processors busy");
        Bars bars = new Bars("Freshness p50 to p99, ms");
        for (Line line : lines) {
            report.row(
                    line.load(),
                    "%,.0f".formatted(line.accepted()),
                    "%,.0f".formatted(line.perSecond()),
                    "%,.0f".formatted(line.millis().quantile(0.5)),
                    "%,.0f".formatted(line.millis().quantile(0.99)),
                    "%,.0f".formatted(line.millis().quantile(1)),
                    "%.0f %%".formatted(100 * line.busy()));
            bars.add(line.load(), line.millis().between(0.5, 0.99));
        }
        report.paragraph(
                "Processor time of a webhook, as fast as answers come, the sender's included:");
        report.table("threads", "µs");
        maximum.threads().forEach((group, micros) -> report.row(group, "%.0f".formatted(micros)));
        report.write(output.folder, "endtoend", bars.svg());
    }
}
