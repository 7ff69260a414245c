package io.webhookdb.benchmarks;

import io.webhookdb.connectors.backfill.BackfillSettings;
import io.webhookdb.jobs.backfill.BackfillJob;
import io.webhookdb.jobs.backfill.BackfillJobSettings;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import io.webhookdb.schemas.control.BackfillControl;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.VendorAccess;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A vendor's listing to the log, as fast as the vendor answers. */
@Command(name = "backfill", description = "A vendor's listing to the log.")
final class BackfillSpeed implements Callable<Integer> {
    private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    @Option(names = "--items", defaultValue = "100000", description = "Per account and round.")
    int items;

    @Option(names = "--rounds", defaultValue = "3", description = "Default: 3.")
    int rounds;

    @Mixin Output output;

    private final Samples one = new Samples();
    private final Samples four = new Samples();
    private final Samples own = new Samples();
    private final Samples perCore = new Samples();

    @Override
    public Integer call() throws Exception {
        String machine = Machine.description();
        try (Workspace workspace = Workspace.create();
                BenchmarkSystem system = new BenchmarkSystem(workspace.directory());
                ListedCharges vendor = new ListedCharges(items)) {
            for (int account = 1; account <= 4; account++) {
                system.createOrganization(account);
                integration(system, account);
            }
            JobClient job = start(system, vendor);
            phase(system, job, "warm", 1);
            for (int round = 1; round <= rounds; round++) {
                one.add(phase(system, job, "one" + round, 1));
                four.add(phase(system, job, "four" + round, 4));
                System.err.printf(
                        Locale.ROOT,
                        "round %d: one account %,.0f, four %,.0f items/s, %.0f us an item%n",
                        round,
                        one.values().get(round - 1),
                        four.values().get(round - 1),
                        own.values().get(own.values().size() - 1));
            }
            job.cancel().get();
        }
        report(machine).write(output.folder, "backfill", plot());
        return 0;
    }

    private static void integration(BenchmarkSystem system, int account) {
        String id = "svi_" + account;
        system.publish(
                new IntegrationControl(
                                id,
                                account,
                                1,
                                State.ACTIVE,
                                Charges.SERVICE.name(),
                                Charges.SERVICE.hash(),
                                "charges_" + account,
                                null,
                                IntegrationControl.VerificationMode.VERIFY,
                                1)
                        .withAccess(
                                new VendorAccess(
                                        system.keysets()
                                                .connectionsSealer()
                                                .seal(
                                                        "rk_" + account,
                                                        VendorAccess.context(
                                                                id, StoredField.BACKFILL_KEY)),
                                        null,
                                        null,
                                        null)));
    }

    private static JobClient start(BenchmarkSystem system, ListedCharges vendor) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, 1);
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(1));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                system.directory().resolve("checkpoints").toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        BackfillSettings limits =
                BackfillSettings.DEFAULT
                        .withEnvironment(
                                new HashMap<>(Map.of("WEBHOOKDB_API_BASE_STRIPE", vendor.url())))
                        .withOutboundAllow("127.0.0.0/8")
                        .withItemsPerSecond(10_000_000);
        BackfillJob.build(
                env,
                BackfillJobSettings.of(
                                system.bootstrap(),
                                system.directory().resolve("keysets").toString())
                        .withBackfill(limits));
        return env.executeAsync("backfill");
    }

    /** Orders of that many accounts at once; items a second of all of them. */
    private double phase(BenchmarkSystem system, JobClient job, String name, int accounts)
            throws Exception {
        long before = system.records(Topics.BACKFILL_EVENTS);
        long wanted = (long) items * accounts;
        for (int account = 1; account <= accounts; account++) {
            system.publish(
                    new BackfillControl(
                            "bfj_" + name + "_" + account,
                            account,
                            1,
                            State.ACTIVE,
                            "svi_" + account,
                            BackfillControl.Extent.FULL,
                            BackfillControl.Children.LEFT_OUT,
                            null));
        }
        long start = System.nanoTime();
        long firstAt = 0;
        long firstItems = 0;
        double firstCpu = 0;
        while (true) {
            long done = system.records(Topics.BACKFILL_EVENTS) - before;
            long now = System.nanoTime();
            if (firstAt == 0 && done >= wanted / 10) {
                firstAt = now;
                firstItems = done;
                firstCpu = jobCpuNanos();
            }
            if (done >= wanted) {
                double measured = Math.max(1, done - firstItems);
                if (!name.equals("warm")) {
                    double micros = (jobCpuNanos() - firstCpu) / 1e3 / measured;
                    own.add(micros);
                    perCore.add(1e6 / micros);
                }
                return measured * 1e9 / Math.max(1, now - firstAt);
            }
            if (job.getJobStatus().get().isTerminalState()) {
                job.getJobExecutionResult().get();
            }
            if (now - start > LIMIT_NANOS) {
                throw new IllegalStateException(done + " of " + wanted + " items in 10 minutes.");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Of the threads that are the job's: not the vendor's, the broker's or the JVM's. */
    private static double jobCpuNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double nanos = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && isOfJob(thread.getThreadName())) {
                nanos += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return nanos;
    }

    private static boolean isOfJob(String thread) {
        return thread.startsWith("accounts")
                || thread.startsWith("backfill-")
                || thread.startsWith("events")
                || thread.startsWith("status")
                || thread.startsWith("Source")
                || thread.startsWith("kafka-producer-network-thread")
                || thread.contains("httpclient");
    }

    private Report report(String machine) {
        Report report =
                new Report(
                        "Listing to log",
                        "benchmarks/run backfill --items " + items + " --rounds " + rounds,
                        machine);
        report.paragraph(
                "Stripe charges of 1.2 kB in pages of 100 from a vendor on loopback, one page after"
                        + " the other, since each names the next; parallelism 1, a checkpoint every"
                        + " second, median of "
                        + rounds
                        + " rounds. Vendor, broker and job share the machine. The limit of items a"
                        + " second that protects live events is off.");
        report.table("what", "median", "spread", "aim");
        row(report, "one account, items/s", one, "");
        row(report, "four accounts at once, items/s", four, "");
        row(report, "processor time of the job, µs/item", own, "");
        row(report, "items/s of one core all of the job's own", perCore, "≥ 5,000");
        return report;
    }

    private static void row(Report report, String name, Samples samples, String aim) {
        report.row(name, "%,.0f".formatted(samples.median()), samples.spread(0), aim);
    }

    private String plot() {
        return new Bars("Items a second")
                .add("one account", one)
                .add("four accounts", four)
                .add("of a core of its own", perCore)
                .svg();
    }
}
