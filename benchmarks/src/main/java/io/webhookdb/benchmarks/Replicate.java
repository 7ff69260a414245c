package io.webhookdb.benchmarks;

import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.row.RowUpdate;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Topic to rows: prepared events through the whole job, latest wins and announcements included,
 * beside raw COPY and a plain upsert of the same rows into the same kind of table.
 */
@Command(name = "replicate", description = "Topic to rows, against COPY and a plain upsert.")
final class Replicate implements Callable<Integer> {
    private static final long ORGANIZATION = 1;
    private static final int PARALLELISM = 2;

    @Option(names = "--events", defaultValue = "60000", description = "Per phase (default: 60000).")
    int events;

    @Option(names = "--rounds", defaultValue = "3", description = "Default: 3.")
    int rounds;

    @Mixin Output output;

    private final Samples copy = new Samples();
    private final Samples upsert = new Samples();
    private final Samples upsertUpdates = new Samples();
    private final Samples inserts = new Samples();
    private final Samples updates = new Samples();
    private final Samples insertCpu = new Samples();
    private final Samples updateCpu = new Samples();

    @Override
    public Integer call() throws Exception {
        String machine = Machine.description();
        try (Workspace workspace = Workspace.create();
                BenchmarkSystem system = new BenchmarkSystem(workspace.directory())) {
            system.createOrganization(ORGANIZATION);
            warmUp(system);
            for (int round = 1; round <= rounds; round++) {
                round(system, round);
            }
        }
        report(machine).write(output.folder, "replicate", plot());
        return 0;
    }

    private void warmUp(BenchmarkSystem system) throws Exception {
        system.createIntegration(ORGANIZATION, "svi_warm", "warm", null);
        phase(system, new Load("svi_warm", "warm", events / 2, 0), null);
    }

    private void round(BenchmarkSystem system, int round) throws Exception {
        String database = BenchmarkSystem.database(ORGANIZATION);
        String table = "rows_" + round;
        String integration = "svi_" + round;
        system.createIntegration(ORGANIZATION, integration, table, null);
        Phase first = phase(system, new Load(integration, table, events, 0), null);
        inserts.add(first.rate().perSecond());
        insertCpu.add(first.rate().cpuMicros());
        byte[] rows = CopyPeer.read(system, database, table);

        system.createTable(ORGANIZATION, "copy_" + round);
        system.execute(database, "CHECKPOINT");
        copy.add(CopyPeer.perSecond(system, database, "copy_" + round, rows));

        Phase second =
                phase(system, new Load(integration, table, events, 1), first.savepoint());
        updates.add(second.rate().perSecond());
        updateCpu.add(second.rate().cpuMicros());

        system.createTable(ORGANIZATION, "upsert_" + round);
        List<RowUpdate> states = UpsertPeer.rows(events, 0);
        system.execute(database, "CHECKPOINT");
        upsert.add(UpsertPeer.perSecond(system, database, "upsert_" + round, states));
        List<RowUpdate> later = UpsertPeer.rows(events, 1);
        system.execute(database, "CHECKPOINT");
        upsertUpdates.add(UpsertPeer.perSecond(system, database, "upsert_" + round, later));
        for (String each : List.of(table, "copy_" + round, "upsert_" + round)) {
            system.execute(database, "DROP TABLE " + each);
        }
        System.err.printf(
                Locale.ROOT,
                "round %d: copy %,.0f, plain upsert %,.0f, inserts %,.0f, updates %,.0f rows/s%n",
                round,
                last(copy),
                last(upsert),
                last(inserts),
                last(updates));
    }

    /** One state of that many charges. */
    private record Load(String integration, String table, int events, int state) {}

    private record Phase(Progress.Rate rate, String savepoint) {}

    /** Prepared on the topic first, then the job runs over it. */
    private static Phase phase(BenchmarkSystem system, Load load, String savepoint)
            throws Exception {
        for (int i = 0; i < load.events(); i++) {
            system.send(
                    Charges.event(load.integration(), i, load.state()),
                    i % BenchmarkSystem.PARTITIONS);
        }
        system.flush();
        system.execute("postgres", "CHECKPOINT");
        long before = system.records(Topics.CHANGES);
        BenchmarkJob job = BenchmarkJob.start(system, PARALLELISM, savepoint);
        Progress.Rate rate = Progress.follow(
                        system, job, before, load.events(), () -> isThere(system, load));
        return new Phase(rate, job.stop());
    }

    private static boolean isThere(BenchmarkSystem system, Load load) throws Exception {
        return system.number(
                        BenchmarkSystem.database(ORGANIZATION),
                        "SELECT count(*) FROM %s WHERE extract(epoch FROM updated) = %d"
                                .formatted(load.table(), Charges.SECOND + load.state()))
                == load.events();
    }

    private Report report(String machine) {
        Report report =
                new Report(
                        "Topic to rows",
                        "benchmarks/run replicate --events " + events + " --rounds " + rounds,
                        machine);
        report.paragraph(
                "Stripe charges of 1.3 kB into a table with all its indexes; rows a second, median"
                        + " of "
                        + rounds
                        + " rounds, each with all of them in turn. The job runs with parallelism "
                        + PARALLELISM
                        + " beside its broker and Postgres; COPY and the plain upsert use one"
                        + " connection and nothing else.");
        report.table("what", "rows/s", "spread", "of COPY", "CPU of our process, µs/row");
        row(report, "raw binary COPY, inserts", copy, "");
        row(report, "plain batched upsert, inserts", upsert, "");
        row(report, "plain batched upsert, updates", upsertUpdates, "");
        row(report, "job, inserts", inserts, cpu(insertCpu));
        row(report, "job, updates", updates, cpu(updateCpu));
        report.table("ratio", "median", "spread", "aim");
        ratio(report, "inserts / COPY", inserts.over(copy), "≥ 0.55");
        ratio(report, "updates / inserts", updates.over(inserts), "≥ 0.80");
        ratio(report, "inserts / plain upsert", inserts.over(upsert), "");
        ratio(report, "updates / plain upsert's updates", updates.over(upsertUpdates), "");
        return report;
    }

    private void row(Report report, String name, Samples samples, String cpu) {
        report.row(
                name,
                "%,.0f".formatted(samples.median()),
                samples.spread(0),
                "%.2f".formatted(samples.over(copy).median()),
                cpu);
    }

    private static void ratio(Report report, String name, Samples ratio, String aim) {
        report.row(name, "%.2f".formatted(ratio.median()), ratio.spread(2), aim);
    }

    private static String cpu(Samples samples) {
        return "%.0f".formatted(samples.median());
    }

    private static double last(Samples samples) {
        return samples.values().get(samples.values().size() - 1);
    }

    private String plot() {
        return new Bars("Rows a second")
                .add("raw COPY", copy)
                .add("plain upsert, inserts", upsert)
                .add("plain upsert, updates", upsertUpdates)
                .add("job, inserts", inserts)
                .add("job, updates", updates)
                .svg();
    }
}
