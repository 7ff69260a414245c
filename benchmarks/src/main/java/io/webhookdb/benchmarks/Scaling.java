package io.webhookdb.benchmarks;

import io.webhookdb.schemas.Topics;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What an event costs as tables, organizations, integrations and skew grow. */
@Command(name = "scaling", description = "Cost per event as everything else grows.")
final class Scaling implements Callable<Integer> {
    @Option(names = "--events", defaultValue = "20000", description = "Per point (default: 20000).")
    int events;

    @Option(names = "--rows", split = ",", defaultValue = "1000,10000,100000")
    List<Long> rows;

    @Option(names = "--organizations", split = ",", defaultValue = "1,10,40")
    List<Integer> organizations;

    @Option(names = "--integrations", split = ",", defaultValue = "1,10,100")
    List<Integer> integrations;

    @Mixin Output output;

    private int lastOrganization;
    private String savepoint;

    /** One point of a curve. */
    private record Point(String name, Rates rates) {}

    @Override
    public Integer call() throws Exception {
        String machine = Machine.description();
        Report report = new Report("Cost per event", "benchmarks/run scaling", machine);
        report.paragraph(
                "Processor time per event, %,d new charges a point, in the order measured. Ours"
                        + " holds the broker and Flink too.".formatted(events));
        report.table("what grows", "events/s", "our µs", "Postgres's µs");
        Bars bars = new Bars("Our processor time per event, µs");
        try (Workspace workspace = Workspace.create();
                BenchmarkSystem system = new BenchmarkSystem(workspace.directory())) {
            run(system, "warm-up", 1, 1, 0, 0);
            for (long size : rows) {
                add(report, bars, run(system, "%,d rows in table".formatted(size), 1, 1, size, 0));
            }
            for (int count : organizations) {
                add(report, bars, run(system, count + " organizations", count, 1, 0, 0));
            }
            for (int count : integrations) {
                add(report, bars, run(system, count + " integrations", 1, count, 0, 0));
            }
            for (int hot : List.of(50, 90)) {
                String name = hot + " % of events to 1 of 10 tables";
                add(report, bars, run(system, name, 1, 10, 0, hot));
            }
        }
        report.write(output.folder, "scaling", bars.svg());
        return 0;
    }

    private static void add(Report report, Bars bars, Point point) {
        report.row(
                point.name(),
                "%,.0f".formatted(point.rates().speed.median()),
                "%.0f".formatted(point.rates().own.median()),
                "%.0f".formatted(point.rates().postgres.median()));
        bars.add(point.name(), point.rates().own);
    }

    private Point run(
            BenchmarkSystem system,
            String name,
            int organizationCount,
            int integrationCount,
            long prefilled,
            int hotPercent)
            throws Exception {
        int first = lastOrganization + 1;
        lastOrganization += organizationCount;
        for (int organization = first; organization <= lastOrganization; organization++) {
            system.createOrganization(organization);
            for (int table = 0; table < integrationCount; table++) {
                system.createIntegration(
                        organization, integration(organization, table), "t" + table, null);
                Prefill.fill(system, organization, "t" + table, prefilled);
            }
        }
        for (int i = 0; i < events; i++) {
            int table = i % 100 < hotPercent ? 0 : i % integrationCount;
            int organization = first + i / integrationCount % organizationCount;
            system.send(
                    Charges.event(integration(organization, table), 1_000_000_000L + i, 0),
                    i % BenchmarkSystem.PARTITIONS);
        }
        system.flush();
        system.execute("postgres", "CHECKPOINT");
        long before = system.records(Topics.CHANGES);
        BenchmarkJob job = BenchmarkJob.start(system, 2, savepoint);
        Rates rates = new Rates();
        rates.add(Progress.follow(system, job, before, events, () -> true));
        savepoint = job.stop();
        for (int organization = first; organization <= lastOrganization; organization++) {
            for (int table = 0; table < integrationCount; table++) {
                system.execute(BenchmarkSystem.database(organization), "DROP TABLE t" + table);
            }
        }
        return new Point(name, rates);
    }

    private static String integration(int organization, int table) {
        return "svi_" + organization + "_" + table;
    }
}
