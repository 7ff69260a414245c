package io.webhookdb.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * That a measurement comes to an end and leaves what it promises; its figures mean nothing here.
 */
@Timeout(600)
class BenchmarksITCase {
    @TempDir Path results;

    @Test
    void replicateLeavesATableAndAPlot() throws Exception {
        int exit =
                new CommandLine(new BenchmarkMain())
                        .execute(
                                "replicate",
                                "--events=1500",
                                "--rounds=1",
                                "--warm-ups=1",
                                "--results=" + results);
        assertThat(exit).isZero();
        assertThat(Files.readString(results.resolve("replicate.md")))
                .contains("inserts / COPY", "benchmarks/run replicate --events 1500 --rounds 1");
        assertThat(Files.readString(results.resolve("replicate.svg"))).startsWith("<svg");
    }
}
