package io.webhookdb.benchmarks;

import io.webhookdb.ingest.IngestServer;
import io.webhookdb.ingest.IngestSettings;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What organizations feel of the databases of others: freshness of the healthy ones while all are
 * healthy and while some are dead, hang or refuse to write, in turn, on one running system. After
 * each sick phase the sick return, and everything that was sent to them has to be there.
 */
@Command(name = "isolation", description = "Freshness while databases of others fail.")
final class Isolation implements Callable<Integer> {
    private static final Duration RETURN_LIMIT = Duration.ofMinutes(3);

    @Option(names = "--organizations", defaultValue = "50", description = "Default: 50.")
    int organizations;

    @Option(
            names = "--sick",
            defaultValue = "5",
            description = "In turn dead, hanging and read-only (default: 5).")
    int sick;

    @Option(names = "--events", defaultValue = "10000", description = "A phase (default: 10000).")
    int events;

    @Option(names = "--rate", defaultValue = "1000", description = "A second (default: 1000).")
    double rate;

    @Option(names = "--pairs", defaultValue = "5", description = "Default: 5.")
    int pairs;

    @Mixin Output output;

    private final Samples healthyP99 = new Samples();
    private final Samples sickP99 = new Samples();
    private final Samples heap = new Samples();
    private long revision = 1;
    private long sentSick;

    @Override
    public Integer call() throws Exception {
        String machine = Machine.description();
        // Whoever connects to it is accepted by the kernel and never answered.
        try (Workspace workspace = Workspace.create();
                BenchmarkSystem system = new BenchmarkSystem(workspace.directory());
                ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            for (int organization = 1; organization <= organizations; organization++) {
                system.createOrganization(organization);
                system.createIntegration(
                        organization, integration(organization), "charges", WebhookSender.SECRET);
            }
            BenchmarkJob job = BenchmarkJob.start(system, 2, null);
            try (IngestServer ingest =
                            IngestServer.start(
                                    IngestSettings.builder(
                                                    system.bootstrap(), system.keysets().ingest())
                                            .build());
                    WebhookSender sender = new WebhookSender(ingest.port(), integration(1));
                    Freshness freshness = new Freshness(system)) {
                phase(sender, freshness, Double.POSITIVE_INFINITY);
                phase(sender, freshness, rate);
                for (int pair = 1; pair <= pairs; pair++) {
                    if (pair % 2 == 1) {
                        healthyP99.add(phase(sender, freshness, rate).quantile(0.99));
                        sickPhase(system, silent, sender, freshness);
                    } else {
                        sickPhase(system, silent, sender, freshness);
                        healthyP99.add(phase(sender, freshness, rate).quantile(0.99));
                    }
                    System.err.printf(
                            Locale.ROOT,
                            "pair %d: p99 %.0f ms all healthy, %.0f ms with %d sick%n",
                            pair,
                            healthyP99.values().get(pair - 1),
                            sickP99.values().get(pair - 1),
                            sick);
                }
            }
            job.stop();
        }
        report(machine);
        return 0;
    }

    private Samples phase(WebhookSender sender, Freshness freshness, double perSecond)
            throws InterruptedException {
        sender.to(number -> integration(1 + (int) (number % (organizations - sick))));
        sender.send(events, perSecond);
        return freshness.of(events, sender.sentAt());
    }

    /** The same load on the healthy, and their share each on the sick, whose rows must not come. */
    private void sickPhase(
            BenchmarkSystem system, ServerSocket silent, WebhookSender sender, Freshness freshness)
            throws Exception {
        makeSick(system, silent);
        sender.to(number -> integration(organizations - (int) (number % sick)));
        int share = events * sick / organizations;
        sender.send(share, Double.POSITIVE_INFINITY);
        sentSick += share;
        sickP99.add(phase(sender, freshness, rate).quantile(0.99));
        heap.add(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0);
        cure(system);
        freshness.of(share, sender.sentAt());
        long there = 0;
        long limit = System.nanoTime() + RETURN_LIMIT.toNanos();
        while (there != sentSick) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException(
                        there + " of " + sentSick + " rows of the sick are there.");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            there = 0;
            for (int i = 0; i < sick; i++) {
                there +=
                        system.number(
                                BenchmarkSystem.database(organizations - i),
                                "SELECT count(*) FROM charges");
            }
        }
    }

    private void makeSick(BenchmarkSystem system, ServerSocket silent) throws Exception {
        revision++;
        for (int i = 0; i < sick; i++) {
            int organization = organizations - i;
            switch (i % 3) {
                case 0 -> system.publishOrganization(organization, revision, 1);
                case 1 -> system.publishOrganization(organization, revision, silent.getLocalPort());
                default -> {
                    readOnly(system, organization, "on");
                    // Its open connections would not notice.
                    system.execute(
                            "postgres",
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
                                    + " '"
                                    + BenchmarkSystem.database(organization)
                                    + "'");
                }
            }
        }
    }

    private void cure(BenchmarkSystem system) throws Exception {
        revision++;
        for (int i = 0; i < sick; i++) {
            int organization = organizations - i;
            if (i % 3 == 2) {
                readOnly(system, organization, "off");
            }
            system.publishOrganization(organization, revision, system.postgresPort());
        }
    }

    private static void readOnly(BenchmarkSystem system, int organization, String onOrOff)
            throws Exception {
        system.execute(
                "postgres",
                "ALTER DATABASE "
                        + BenchmarkSystem.database(organization)
                        + " SET default_transaction_read_only = "
                        + onOrOff);
    }

    private static String integration(int organization) {
        return "svi_" + organization;
    }

    private void report(String machine) throws Exception {
        Report report =
                new Report(
                        "Isolation",
                        "benchmarks/run isolation --organizations "
                                + organizations
                                + " --sick "
                                + sick
                                + " --events "
                                + events
                                + " --rate "
                                + (long) rate
                                + " --pairs "
                                + pairs,
                        machine);
        report.paragraph(
                organizations
                        + " organizations, each with a database of its own; of "
                        + sick
                        + " the databases are dead, accept and never answer, or are read-only, in"
                        + " turn. Freshness of the others, from the beginning of a POST to the"
                        + " commit of its row. All "
                        + sentSick
                        + " rows of the sick were there after they had returned.");
        report.table("p99 of the healthy, ms", "median", "spread", "aim");
        report.row("all healthy", "%.0f".formatted(healthyP99.median()), healthyP99.spread(0), "");
        report.row("some sick", "%.0f".formatted(sickP99.median()), sickP99.spread(0), "");
        Samples ratio = sickP99.over(healthyP99);
        report.row("ratio", "%.2f".formatted(ratio.median()), ratio.spread(2), "≤ 1.30");
        report.row("heap with sick, MiB", "%.0f".formatted(heap.median()), heap.spread(0), "");
        report.write(
                output.folder,
                "isolation",
                new Bars("p99 of the healthy, ms")
                        .add("all healthy", healthyP99)
                        .add("some sick", sickP99)
                        .svg());
    }
}
