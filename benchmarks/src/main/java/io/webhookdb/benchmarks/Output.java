package io.webhookdb.benchmarks;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where results go. */
final class Output {
    @Option(
            names = "--results",
            defaultValue = "benchmarks/results",
            description = "Folder for the table and the plot (default: benchmarks/results).")
    Path folder;
}
