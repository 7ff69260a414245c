package io.webhookdb.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs a measurement. */
@Command(
        name = "benchmarks/run",
        mixinStandardHelpOptions = true,
        subcommands = {
            Replicate.class,
            EndToEnd.class,
            Ingest.class,
            Isolation.class,
            Scaling.class,
            Deliver.class,
            Endpoints.class,
            BackfillSpeed.class,
            Sync.class
        },
        description = "Measures the pipeline against peers in the same run.")
public final class BenchmarkMain {
    BenchmarkMain() {}

    /** Exits 0 if the measurement was made, whatever it says. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchmarkMain()).execute(arguments));
    }
}
