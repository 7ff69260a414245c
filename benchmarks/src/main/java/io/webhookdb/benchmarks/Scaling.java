package io.webhookdb.benchmarks;

import io.webhookdb.schemas.Topics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What an event costs as tables, organizations, integrations and skew grow. */
@Command(name = "scaling", description = "Cost per event as everything else grows.")
final class Scaling implements Callable<Integer> {
    @Option(names = "--events", defaultValue = "20000", description = "Per point (default: 20000).")
    int leastEvents;

    @Option(
            names = "--events-per-organization",
            defaultValue = "0",
            description = "At least as many for each organization of a point (default: 0).")
    int eventsPerOrganization;

    @Option(
            names = "--events-per-integration",
            defaultValue = "0",
            description = "At least as many for each integration of a point (default: 0).")
    int eventsPerIntegration;

    @Option(
            names = "--warm-ups",
            defaultValue = "10",
            description = "At most, see the documentation (default: 10).")
    int warmUps;

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
    private record Point(
            String name,
            Rates rates,
            long connections,
            long logins,
            long transactions,
            long heapMebibytes) {}

    @Override
    public Integer call() throws Exception {
        String machine = Machine.description();
        Report report = new Report("Cost per event", command(), machine);
        report.paragraph(
                "Processor time per event, "
                        + leastEvents
                        + " new charges a point, at least "
                        + eventsPerOrganization
                        + " for each organization and "
                        + eventsPerIntegration
                        + " for each integration, in the order measured, all on their way before"
                        + " most of them are rows. Ours holds the broker and Flink, too, but not"
                        + " what makes the events.");
        report.table(
                "what grows",
                "events/s",
                "our µs",
                "of it the compiler's",
                "Postgres's µs",
                "connections",
                "logins",
                "transactions",
                "heap MiB");
        Bars bars = new Bars("Our processor time per event, µs");
        try (Workspace workspace = Workspace.create();
                BenchmarkSystem system = new BenchmarkSystem(workspace.directory())) {
            // Several organizations: logins are compiled, too.
            WarmUp.run(warmUps, number -> run(system, "warm-up", 10, 1, 0, 0));
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

    private String command() {
        return "benchmarks/run scaling --events "
                + leastEvents
                + " --events-per-organization "
                + eventsPerOrganization
                + " --events-per-integration "
                + eventsPerIntegration
                + " --warm-ups "
                + warmUps
                + " --rows "
                + list(rows)
                + " --organizations "
                + list(organizations)
                + " --integrations "
                + list(integrations);
    }

    private static String list(List<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    /** Writes what there is so far: the last points take long. */
    private void add(Report report, Bars bars, Point point) throws IOException {
        report.row(
                point.name(),
                "%,.0f".formatted(point.rates().speed.median()),
                "%.0f".formatted(point.rates().own.median()),
                compiler(point.rates()),
                "%.0f".formatted(point.rates().postgres.median()),
                Long.toString(point.connections()),
                Long.toString(point.logins()),
                Long.toString(point.transactions()),
                Long.toString(point.heapMebibytes()));
        System.err.printf(
                "%s: %.0f + %.0f µs%n",
                point.name(), point.rates().own.median(), point.rates().postgres.median());
        point.rates()
                .threads
                .forEach(
                        (group, micros) ->
                                System.err.printf("  %s: %.0f%n", group, micros.median()));
        bars.add(point.name(), point.rates().own);
        report.save(output.folder, "scaling", bars.svg());
    }

    /** Of a few seconds of events the just-in-time compiler takes more than of an hour's. */
    private static String compiler(Rates rates) {
        Samples compiler = rates.threads.get("compiler");
        return compiler == null ? "" : "%.0f".formatted(compiler.median());
    }

    private Point run(
            BenchmarkSystem system,
            String name,
            int organizationCount,
            int integrationCount,
            long prefilled,
            int hotPercent)
            throws Exception {
        int events =
                Math.max(
                        leastEvents,
                        Math.max(
                                organizationCount * eventsPerOrganization,
                                integrationCount * eventsPerIntegration));
        int first = lastOrganization + 1;
        lastOrganization += organizationCount;
        for (int organization = first; organization <= lastOrganization; organization++) {
            boolean original = organization == first;
            if (original) {
                system.createOrganization(organization);
            } else {
                system.copyOrganization(organization, first);
            }
            if (original && prefilled > 0) {
                Prefill.table(system, organization, "t0", prefilled);
            } else if (original) {
                Prefill.tables(
                        system,
                        organization,
                        IntStream.range(0, integrationCount).mapToObj(i -> "t" + i).toList());
            }
            for (int table = 0; table < integrationCount; table++) {
                system.publishIntegration(
                        organization, integration(organization, table), "t" + table, null);
            }
        }
        long announced = system.records(Topics.CHANGES);
        BenchmarkJob job = BenchmarkJob.start(system, 2, savepoint);
        // Its row shows that the job has started, which is no event's cost.
        system.send(Charges.event(integration(first, 0), 1L, 0), 0);
        Progress.await(system, job, announced, 1);
        system.execute("postgres", "CHECKPOINT");
        long before = system.records(Topics.CHANGES);
        long logins = system.logins();
        long transactions = system.transactions();
        Progress.Mark mark = Progress.Mark.now(system, 0);
        for (int i = 0; i < events; i++) {
            int table = i % 100 < hotPercent ? 0 : i % integrationCount;
            int organization = first + i / integrationCount % organizationCount;
            system.send(
                    Charges.event(integration(organization, table), 1_000_000_000L + i, 0),
                    i % BenchmarkSystem.PARTITIONS);
        }
        system.flush();
        Rates rates = new Rates();
        rates.add(
                Progress.follow(system, job, before, events, () -> true, mark)
                        .without(NativeThreadCpu.LOAD));
        long connections = system.connections();
        logins = system.logins() - logins;
        transactions = system.transactions() - transactions;
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
        savepoint = job.stop();
        for (int organization = first; organization <= lastOrganization; organization++) {
            system.execute(
                    "postgres",
                    "DROP DATABASE " + BenchmarkSystem.database(organization) + " WITH (FORCE)");
        }
        return new Point(name, rates, connections, logins, transactions, heap);
    }

    private static String integration(int organization, int table) {
        return "svi_" + organization + "_" + table;
    }
}
