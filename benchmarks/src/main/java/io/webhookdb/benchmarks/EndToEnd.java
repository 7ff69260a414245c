package io.webhookdb.benchmarks;

import io.webhookdb.ingest.IngestServer;
import io.webhookdb.ingest.IngestSettings;
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
            defaultValue = "4",
            description = "As many events each, before any counts (default: 4).")
    int warmUps;

    @Mixin Output output;

    private record Line(String load, double accepted, Samples millis) {}

    @Override
    public Integer call() throws Exception {
        String machine = Machine.description();
        List<Line> lines = new ArrayList<>();
        double most;
        Map<String, Double> threads;
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
                // For the compiler, which takes more than the events do until it is done.
                for (int i = 0; i < warmUps; i++) {
                    run(sender, freshness, events, Double.POSITIVE_INFINITY);
                }
                long start = System.nanoTime();
                Map<String, Double> before = NativeThreadCpu.micros();
                long postgres = system.postgresCpu().nanos();
                Line maximum = run(sender, freshness, events, Double.POSITIVE_INFINITY);
                most = events * 1e9 / (System.nanoTime() - start);
                threads = NativeThreadCpu.since(before, events);
                threads.put("Postgres", (system.postgresCpu().nanos() - postgres) / 1e3 / events);
                for (double share : SHARES) {
                    int count = (int) Math.min(events, seconds * most * share);
                    lines.add(run(sender, freshness, count, most * share));
                }
                lines.add(maximum);
            }
            job.stop();
        }
        report(machine, most, lines, threads);
        return 0;
    }

    private static Line run(WebhookSender sender, Freshness freshness, int count, double perSecond)
            throws Exception {
        double accepted = sender.send(count, perSecond);
        String load =
                Double.isInfinite(perSecond)
                        ? "as fast as answers come"
                        : "%,.0f/s".formatted(perSecond);
        return new Line(load, accepted, freshness.of(count, sender.sentAt()));
    }

    private void report(String machine, double most, List<Line> lines, Map<String, Double> threads)
            throws Exception {
        Report report =
                new Report(
                        "Signed POSTs to rows",
                        "benchmarks/run endtoend --events " + events + " --seconds " + seconds,
                        machine);
        report.paragraph(
                "Sustained: %,.0f signed webhooks a second from the first POST to the last visible row."
                                .formatted(most)
                        + " Freshness is from the beginning of a POST to the commit of its row.");
        report.table("load", "acknowledged/s", "p50 ms", "p99 ms", "max ms");
        Bars bars = new Bars("Freshness p50 to p99, ms");
        for (Line line : lines) {
            report.row(
                    line.load(),
                    "%,.0f".formatted(line.accepted()),
                    "%,.0f".formatted(line.millis().quantile(0.5)),
                    "%,.0f".formatted(line.millis().quantile(0.99)),
                    "%,.0f".formatted(line.millis().quantile(1)));
            bars.add(line.load(), line.millis().between(0.5, 0.99));
        }
        report.paragraph(
                "Processor time of a webhook, as fast as answers come, the sender's included:");
        report.table("threads", "µs");
        threads.forEach((group, micros) -> report.row(group, "%.0f".formatted(micros)));
        report.write(output.folder, "endtoend", bars.svg());
    }
}
