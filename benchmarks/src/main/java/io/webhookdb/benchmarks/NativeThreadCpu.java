package io.webhookdb.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
    private static final String OTHERS = "others, and threads that ended";

    /** Linux keeps 15 letters of a name. The first match counts. */
    private static final Map<String, String> BEGINNINGS = new LinkedHashMap<>();

    static {
        BEGINNINGS.put("C1 Compiler", "compiler");
        BEGINNINGS.put("C2 Compiler", "compiler");
        BEGINNINGS.put("G1 ", "collector");
        BEGINNINGS.put("GC Thread", "collector");
        BEGINNINGS.put("rocksdb", "RocksDB's flushes and compactions");
        BEGINNINGS.put("translate", "task: translate");
        BEGINNINGS.put("latest wins", "task: latest wins");
        BEGINNINGS.put("replica writer", "task: replica writer");
        BEGINNINGS.put("targets", "task: targets");
        BEGINNINGS.put("sync-0-read", "readers of tables");
        BEGINNINGS.put("sync-1-read", "readers of tables");
        BEGINNINGS.put("sync-http", "HTTP client");
        BEGINNINGS.put("sync-", "senders to targets");
        BEGINNINGS.put(CountingReceiver.THREAD, "receiver (not ours)");
        BEGINNINGS.put("writer-", "writers to databases");
        BEGINNINGS.put("Source Data", "consumers");
        BEGINNINGS.put("Source:", "task: sources");
        BEGINNINGS.put("kafka-producer", "producers");
        BEGINNINGS.put("data-plane", "broker");
        BEGINNINGS.put("kafka-", "broker");
        BEGINNINGS.put("quorum", "broker");
        BEGINNINGS.put("raft", "broker");
        BEGINNINGS.put("OutputFlusher", "flushes between tasks");
        BEGINNINGS.put("flink-", "Flink's own");
        BEGINNINGS.put("vert.x-", "HTTP: sender and ingest");
        BEGINNINGS.put("main", "load");
        BEGINNINGS.put("java", "load");
        BEGINNINGS.put("JFR", "profiler");
    }

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
                micros.merge(group(name.get(0)), used, Double::sum);
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

    private static String group(String name) {
        return BEGINNINGS.entrySet().stream()
                .filter(entry -> name.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(OTHERS);
    }
}
