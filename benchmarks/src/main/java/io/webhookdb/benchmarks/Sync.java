package io.webhookdb.benchmarks;

import io.webhookdb.jobs.sync.SyncJob;
import io.webhookdb.jobs.sync.SyncJobSettings;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SyncTargetControl;
import io.webhookdb.schemas.control.SyncTargetControl.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * A table to sync targets: the existing rows of a table through the sync job, to Postgres beside
 * COPY and merge of the same rows, and to an HTTP receiver.
 */
@Command(
        name = "sync",
        description = "Rows to a Postgres and an HTTP target, against COPY + merge.")
final class Sync implements Callable<Integer> {
    private static final long ORGANIZATION = 1;
    private static final int PAGE = 1_000;

    /** Each look asks the database that is measured. */
    private static final long POLL_TABLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long POLL_RECEIVER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(10);

    @Option(names = "--rows", defaultValue = "100000", description = "Default: 100000.")
    int rows;

    @Option(names = "--rounds", defaultValue = "5", description = "Default: 5.")
    int rounds;

    @Option(
            names = "--warm-ups",
            defaultValue = "3",
            description = "Rounds before any counts, for the compiler (default: 3).")
    int warmUps;

    @Mixin Output output;

    private final Rates peer = new Rates();
    private final Rates postgres = new Rates();
    private final Rates http = new Rates();

    @Override
    public Integer call() throws Exception {
        String machine = Machine.description();
        try (Workspace workspace = Workspace.create();
                BenchmarkSystem system = new BenchmarkSystem(workspace.directory());
                CountingReceiver receiver = new CountingReceiver()) {
            system.createOrganization(ORGANIZATION);
            system.createIntegration(ORGANIZATION, "svi_1", "rows", null);
            String database = BenchmarkSystem.database(ORGANIZATION);
            UpsertPeer.write(system, database, "rows", rows, 0);
            system.execute(database, "VACUUM ANALYZE rows");
            List<byte[]> pages = CopyMergePeer.pages(system, database, "rows", PAGE);
            StreamExecutionEnvironment env =
                    StreamExecutionEnvironment.getExecutionEnvironment(
                            BenchmarkJob.configuration(system.directory(), 2, null));
            SyncJob.build(
                    env,
                    SyncJobSettings.of(
                                    system.bootstrap(),
                                    system.directory().resolve("keysets").toString())
                            .withOutboundAllow("127.0.0.0/8"));
            JobClient job = env.executeAsync("sync");
            for (int round = 1; round <= warmUps; round++) {
                say("warm-up " + round, round(system, receiver, pages, round));
            }
            for (int round = 1; round <= rounds; round++) {
                Round one = round(system, receiver, pages, warmUps + round);
                peer.add(one.peer());
                postgres.add(one.postgres());
                http.add(one.http());
                say("round " + round, one);
            }
            job.cancel().get();
        }
        report(machine).write(output.folder, "sync", plot());
        return 0;
    }

    private static void say(String name, Round one) {
        System.err.printf(
                Locale.ROOT,
                "%s: copy + merge %,.0f, Postgres %,.0f, HTTP %,.0f rows/s%n",
                name,
                one.peer().perSecond(),
                one.postgres().perSecond(),
                one.http().perSecond());
    }

    private record Round(Progress.Rate peer, Progress.Rate postgres, Progress.Rate http) {}

    /** Says how many rows have arrived. */
    private interface Arrived {
        long rows() throws Exception;
    }

    private Round round(
            BenchmarkSystem system, CountingReceiver receiver, List<byte[]> pages, int round)
            throws Exception {
        String database = BenchmarkSystem.database(ORGANIZATION);
        system.execute(database, "CHECKPOINT");
        Progress.Rate merged =
                CopyMergePeer.write(system, database, "peer_" + round, "rows", pages);
        system.execute(database, "CHECKPOINT");
        String url = system.url(database);
        target(system, Kind.POSTGRES, "syt_pg" + round, url, "mirror_" + round);
        Progress.Rate synced;
        try (Mirror mirror = new Mirror(system, database, "mirror_" + round, "peer_" + round)) {
            synced = follow(system, mirror::rows, POLL_TABLE_NANOS);
        }
        long before = receiver.rows();
        target(system, Kind.HTTP, "syt_http" + round, receiver.url(), "");
        Progress.Rate posted = follow(system, () -> receiver.rows() - before, POLL_RECEIVER_NANOS);
        for (String table : List.of("peer_" + round, "mirror_" + round)) {
            system.execute(database, "DROP TABLE " + table);
        }
        return new Round(merged, synced, posted);
    }

    private static void target(
            BenchmarkSystem system, Kind kind, String id, String url, String table) {
        system.publish(
                new SyncTargetControl(
                        id,
                        ORGANIZATION,
                        1,
                        State.ACTIVE,
                        "svi_1",
                        kind,
                        system.keysets()
                                .connectionsSealer()
                                .seal(url, SyncTargetControl.connectionUrlContext(id)),
                        "",
                        table,
                        PAGE,
                        3_600,
                        0));
    }

    /** The rate of the last nine tenths: what it takes to begin is left out. */
    private Progress.Rate follow(BenchmarkSystem system, Arrived arrived, long pollNanos)
            throws Exception {
        long start = System.nanoTime();
        long firstAt = 0;
        long firstRows = 0;
        long firstCpu = 0;
        long firstPostgres = 0;
        Map<String, Double> firstThreads = Map.of();
        while (true) {
            long done = arrived.rows();
            long now = System.nanoTime();
            if (firstAt == 0 && done >= rows / 10) {
                firstAt = now;
                firstRows = done;
                firstCpu = Progress.cpuNanos();
                firstPostgres = system.postgresCpu().nanos();
                firstThreads = NativeThreadCpu.micros();
            }
            if (done >= rows) {
                double measured = Math.max(1, done - firstRows);
                return new Progress.Rate(
                        measured * 1e9 / Math.max(1, now - firstAt),
                        (Progress.cpuNanos() - firstCpu) / 1e3 / measured,
                        (system.postgresCpu().nanos() - firstPostgres) / 1e3 / measured,
                        NativeThreadCpu.since(firstThreads, measured));
            }
            if (now - start > LIMIT_NANOS) {
                throw new IllegalStateException(done + " of " + rows + " rows in 10 minutes.");
            }
            LockSupport.parkNanos(pollNanos);
        }
    }

    private Report report(String machine) {
        Report report =
                new Report(
                        "Table to sync targets",
                        "benchmarks/run sync --rows %d --rounds %d --warm-ups %d"
                                .formatted(rows, rounds, warmUps),
                        machine);
        report.paragraph(
                "Existing Stripe charges of 1.3 kB to a new target, in pages of "
                        + PAGE
                        + "; rows a second, median of "
                        + rounds
                        + " rounds, each with all of them in turn, after "
                        + warmUps
                        + " that are not counted."
                        + " The job reads the rows out of Postgres while it writes them; COPY +"
                        + " merge has them in memory, and writes to the same kind of table over"
                        + " one connection.");
        report.table("what", "rows/s", "spread", "our µs/row", "Postgres's µs/row");
        row(report, "COPY + merge", peer);
        row(report, "sync to Postgres", postgres);
        row(report, "HTTP sync", http);
        report.paragraph(
                "Beside ours stand the receiver's and the broker's threads, which elsewhere have"
                        + " machines of their own:");
        report.table("our µs/row by thread", "sync to Postgres", "HTTP sync");
        http.threads.forEach(
                (group, micros) ->
                        report.row(
                                group,
                                "%.1f".formatted(postgres.threads.get(group).median()),
                                "%.1f".formatted(micros.median())));
        report.table("ratio", "median", "spread", "aim");
        Samples ratio = postgres.speed.over(peer.speed);
        report.row(
                "sync to Postgres / COPY + merge",
                "%.2f".formatted(ratio.median()),
                ratio.spread(2),
                "≥ 0.6");
        report.row(
                "HTTP sync, rows/s",
                "%,.0f".formatted(http.speed.median()),
                http.speed.spread(0),
                "≥ 25,000");
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

    private String plot() {
        return new Bars("Rows a second")
                .add("COPY + merge", peer.speed)
                .add("sync to Postgres", postgres.speed)
                .add("HTTP sync", http.speed)
                .svg();
    }
}
