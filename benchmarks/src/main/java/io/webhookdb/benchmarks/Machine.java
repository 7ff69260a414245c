package io.webhookdb.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What a result was measured on. */
final class Machine {
    private Machine() {}

    static String description() throws IOException {
        return "%d processors (%s), %d MiB for this JVM, Java %s, load %.1f before, %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        processor(),
                        Runtime.getRuntime().maxMemory() >> 20,
                        Runtime.version().feature(),
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                                .getSystemLoadAverage(),
                        Instant.now().truncatedTo(ChronoUnit.MINUTES));
    }

    private static String processor() throws IOException {
        Path file = Path.of("/proc/cpuinfo");
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        return lines.stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }
}
