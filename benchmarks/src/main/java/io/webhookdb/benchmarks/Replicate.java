package io.webhookdb.benchmarks;

import io.webhookdb.schemas.Topics;
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

    @Option(
            names = "--events",
            defaultValue = "150000",
            description = "Per phase (default: 150000).")
    int events;

    @Option(names = "--rounds", defaultValue = "3", description = "Default: 3.")
    int rounds;

    @Option(
            names = "--warm-ups",
            defaultValue = "8",
            description =
                    "Pairs of phases at most before the first that counts, until the compiler is"
                            + " done (default: 8).")
    int warmUps;

    @Mixin Output output;

    private final Rates copy = new Rates();
    private final Rates upsert = new Rates();
    private final Rates upsertUpdates = new Rates();
    private final Rates inserts = new Rates();
    private final Rates updates = new Rates();

    /** Where the last phase ended: without it the job would read every earlier phase again. */
    private String savepoint;

    @Override
    public Integer call() throws Exception {
        String machine = Machine.description();
        try (Workspace workspace = Workspace.create();
                BenchmarkSystem system = new BenchmarkSystem(workspace.directory())) {
            system.createOrganization(ORGANIZATION);
            WarmUp.run(warmUps, number -> warmUp(system, number));
            for (int round = 1; round <= rounds; round++) {
                round(system, round);
            }
        }
        report(machine).write(output.folder, "replicate", plot());
        return 0;
    }

    private void warmUp(BenchmarkSystem system, int number) throws Exception {
        String table = "warm_" + number;
        String integration = "svi_" + table;
        system.createIntegration(ORGANIZATION, integration, table, null);
        phase(system, new Load(integration, table, events, 0));
        phase(system, new Load(integration, table, events, 1));
        system.execute(BenchmarkSystem.database(ORGANIZATION), "DROP TABLE " + table);
    }

    private void round(BenchmarkSystem system, int round) throws Exception {
        String database = BenchmarkSystem.database(ORGANIZATION);
        String table = "rows_" + round;
        String integration = "svi_" + round;
        system.createIntegration(ORGANIZATION, integration, table, null);
        inserts.add(phase(system, new Load(integration, table, events, 0)));
        byte[] rows = CopyPeer.read(system, database, table);

        system.createTable(ORGANIZATION, "copy_" + round);
        system.execute(database, "CHECKPOINT");
        copy.add(CopyPeer.write(system, database, "copy_" + round, rows));

        updates.add(phase(system, new Load(integration, table, events, 1)));

        system.createTable(ORGANIZATION, "upsert_" + round);
        system.execute(database, "CHECKPOINT");
        upsert.add(UpsertPeer.write(system, database, "upsert_" + round, events, 0));
        system.execute(database, "CHECKPOINT");
        upsertUpdates.add(UpsertPeer.write(system, database, "upsert_" + round, events, 1));
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

    /** Prepared on the topic first, then the job runs over it. */
    private Progress.Rate phase(BenchmarkSystem system, Load load) throws Exception {
        for (int i = 0; i < load.events(); i++) {
            system.send(
                    Charges.event(load.integration(), i, load.state()),
                    i % BenchmarkSystem.PARTITIONS);
        }
        system.flush();
        system.execute("postgres", "CHECKPOINT");
        long before = system.records(Topics.CHANGES);
        BenchmarkJob job = BenchmarkJob.start(system, PARALLELISM, savepoint);
        Progress.Rate rate =
                Progress.follow(system, job, before, load.events(), () -> isThere(system, load));
        savepoint = job.stop();
        return rate;
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
        report.table("what", "rows/s", "spread", "our µs/row", "Postgres's µs/row");
        row(report, "raw binary COPY, inserts", copy);
        row(report, "plain batched upsert, inserts", upsert);
        row(report, "plain batched upsert, updates", upsertUpdates);
        row(report, "job, inserts", inserts);
        row(report, "job, updates", updates);
        report.paragraph(
                "The last two columns are processor time, which other programs on the machine"
                        + " hardly change.");
        report.table("our µs/row by thread", "inserts", "updates");
        inserts.threads.forEach(
                (group, micros) ->
                        report.row(
                                group,
                                "%.0f".formatted(micros.median()),
                                "%.0f".formatted(updates.threads.get(group).median())));
        report.table("ratio", "median", "spread", "aim");
        Samples speed = inserts.speed;
        ratio(report, "inserts / COPY", speed.over(copy.speed), "≥ 0.55");
        ratio(report, "updates / inserts", updates.speed.over(speed), "≥ 0.80");
        ratio(report, "inserts / plain upsert", speed.over(upsert.speed), "");
        ratio(
                report,
                "updates / plain upsert's updates",
                updates.speed.over(upsertUpdates.speed),
                "");
        ratio(report, "Postgres's time: COPY / inserts", copy.postgres.over(inserts.postgres), "");
        ratio(
                report,
                "Postgres's time: inserts / updates",
                inserts.postgres.over(updates.postgres),
                "");
        return report;
    }

    private static void row(Report report, String name, Rates rates) {
        report.row(
                name,
                "%,.0f".formatted(rates.speed.median()),
                rates.speed.spread(0),
                "%.0f".formatted(rates.own.median()),
                "%.0f".formatted(rates.postgres.median()));
    }

    private static void ratio(Report report, String name, Samples ratio, String aim) {
        report.row(name, "%.2f".formatted(ratio.median()), ratio.spread(2), aim);
    }

    private static double last(Rates rates) {
        return rates.speed.values().get(rates.speed.values().size() - 1);
    }

    private String plot() {
        return new Bars("Rows a second")
                .add("raw COPY", copy.speed)
                .add("plain upsert, inserts", upsert.speed)
                .add("plain upsert, updates", upsertUpdates.speed)
                .add("job, inserts", inserts.speed)
                .add("job, updates", updates.speed)
                .svg();
    }
}
