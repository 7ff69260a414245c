package io.webhookdb.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Processor time of this process by what its threads do, the virtual machine's and RocksDB's own
 * included, which no profiler of Java sees. Linux only; elsewhere it is empty.
 */
final class NativeThreadCpu {
    private static final double MICROS_PER_TICK = 10_000;
    static final String COMPILER = "compiler";

    /** What only makes the load, and waits until it is done. */
    static final String LOAD = "load";

    private static final String OTHERS = "others, and threads that ended";

    /** Linux keeps 15 letters of a name. The first match counts. */
    private static final ThreadGroups GROUPS =
            new ThreadGroups(OTHERS)
                    .with(COMPILER, "C1 Compiler", "C2 Compiler")
                    .with("collector", "G1 ", "GC Thread")
                    .with("RocksDB's flushes and compactions", "rocksdb")
                    .with("task: translate", "translate")
                    .with("task: latest wins", "latest wins")
                    .with("task: replica writer", "replica writer")
                    .with("task: targets", "targets")
                    .with("readers of tables", "sync-0-read", "sync-1-read")
                    .with("HTTP client", "sync-http")
                    .with("senders to targets", "sync-")
                    .with("receiver (not ours)", CountingReceiver.THREAD)
                    .with("writers to databases", "writer-")
                    .with("consumers", "Source Data")
                    .with("task: sources", "Source:")
                    .with("producers", "kafka-producer")
                    .with("broker", "data-plane", "kafka-", "quorum", "raft")
                    .with("flushes between tasks", "OutputFlusher")
                    .with("Flink's own", "flink-")
                    .with("HTTP: sender and ingest", "vert.x-")
                    .with(LOAD, "main", "java")
                    .with("profiler", "JFR");

    private NativeThreadCpu() {}

    /** Microseconds by group since the start of the process. */
    static Map<String, Double> micros() {
        Map<String, Double> micros = new TreeMap<>();
        Path tasks = Path.of("/proc/self/task");
        if (!Files.isDirectory(tasks)) {
            return micros;
        }
        double known = 0;
        try (Stream<Path> threads = Files.list(tasks)) {
            for (Path thread : threads.toList()) {
                List<String> name = lines(thread.resolve("comm"));
                List<String> stat = lines(thread.resolve("stat"));
                if (name.isEmpty() || stat.isEmpty()) {
                    continue;
                }
                double used = used(stat.get(0));
                known += used;
                micros.merge(GROUPS.of(name.get(0)), used, Double::sum);
            }
        } catch (IOException e) {
            throw new IllegalStateException("Threads cannot be listed.", e);
        }
        micros.merge(OTHERS, Progress.cpuNanos() / 1e3 - known, Double::sum);
        return micros;
    }

    /** Each group's microseconds since then, for each of so many rows. */
    static Map<String, Double> since(Map<String, Double> before, double rows) {
        Map<String, Double> each = new TreeMap<>();
        micros().forEach(
                        (group, now) ->
                                each.put(group, (now - before.getOrDefault(group, 0.0)) / rows));
        return each;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            // The thread has ended.
            return List.of();
        }
    }

    /** Fields 14 and 15 of proc_pid_stat(5). */
    private static double used(String stat) {
        String[] values = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(values[11]) + Long.parseLong(values[12])) * MICROS_PER_TICK;
    }
}
