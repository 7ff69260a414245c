package io.webhookdb.benchmarks;

import io.webhookdb.ingest.IngestServer;
import io.webhookdb.ingest.IngestSettings;
import io.webhookdb.schemas.Topics;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Signed webhooks acknowledged a second, in turn with a plain server of the same kind that answers
 * 202 to anything. The sender, which signs, is the same for both and runs on the same machine; so
 * does the broker.
 */
@Command(name = "ingest", description = "Webhooks acknowledged, against a plain Vert.x server.")
final class Ingest implements Callable<Integer> {
    private static final long ORGANIZATION = 1;
    private static final String INTEGRATION = "svi_ingest";

    @Option(names = "--events", defaultValue = "100000", description = "A round (default: 100000).")
    int events;

    @Option(names = "--rounds", defaultValue = "5", description = "Default: 5.")
    int rounds;

    @Mixin Output output;

    private final Samples plain = new Samples();
    private final Samples ingest = new Samples();
    private final Samples plainMicros = new Samples();
    private final Samples ingestMicros = new Samples();

    @Override
    public Integer call() throws Exception {
        String machine = Machine.description();
        try (Workspace workspace = Workspace.create();
                BenchmarkSystem system = new BenchmarkSystem(workspace.directory())) {
            system.createOrganization(ORGANIZATION);
            system.createIntegration(ORGANIZATION, INTEGRATION, "charges", WebhookSender.SECRET);
            try (IngestServer server =
                            IngestServer.start(
                                    IngestSettings.builder(
                                                    system.bootstrap(), system.keysets().ingest())
                                            .build());
                    PlainServer bare = PlainServer.start();
                    WebhookSender toServer = new WebhookSender(server.port(), INTEGRATION);
                    WebhookSender toBare = new WebhookSender(bare.port(), INTEGRATION)) {
                // Rounds before the first that counts are for the compiler.
                for (int round = -1; round <= rounds; round++) {
                    long before = system.records(Topics.EVENTS);
                    boolean counts = round > 0;
                    round(
                            toServer,
                            counts ? ingest : new Samples(),
                            counts ? ingestMicros : new Samples());
                    long kept = system.records(Topics.EVENTS) - before;
                    if (kept != events) {
                        throw new IllegalStateException(
                                kept + " of " + events + " acknowledged webhooks are kept.");
                    }
                    round(
                            toBare,
                            counts ? plain : new Samples(),
                            counts ? plainMicros : new Samples());
                }
            }
        }
        report(machine);
        return 0;
    }

    private void round(WebhookSender sender, Samples speed, Samples micros)
            throws InterruptedException {
        long cpu = Progress.cpuNanos();
        speed.add(sender.send(events, Double.POSITIVE_INFINITY));
        micros.add((Progress.cpuNanos() - cpu) / 1e3 / events);
        sender.sentAt().clear();
    }

    private void report(String machine) throws Exception {
        Report report =
                new Report(
                        "Webhooks acknowledged",
                        "benchmarks/run ingest --events " + events + " --rounds " + rounds,
                        machine);
        report.paragraph(
                "Signed webhooks of 1.3 kB over 512 connections, acknowledged when they are verified"
                        + " and in Kafka, beside a server that reads the same requests and answers"
                        + " 202. Sender and broker share the machine; processor time holds them.");
        report.table("what", "acknowledged/s", "spread", "µs/request");
        row(report, "plain server", plain, plainMicros);
        row(report, "ingest", ingest, ingestMicros);
        Samples ratio = ingest.over(plain);
        report.table("ratio", "median", "spread", "aim");
        report.row("ingest / plain", "%.2f".formatted(ratio.median()), ratio.spread(2), "≥ 0.60");
        report.write(
                output.folder,
                "ingest",
                new Bars("Acknowledged a second")
                        .add("plain server", plain)
                        .add("ingest", ingest)
                        .svg());
    }

    private static void row(Report report, String name, Samples speed, Samples micros) {
        report.row(
                name,
                "%,.0f".formatted(speed.median()),
                speed.spread(0),
                "%.0f".formatted(micros.median()));
    }
}
