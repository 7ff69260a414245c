package io.webhookdb.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Processor time of this process by what its threads do. */
final class ThreadCpu {
    /** Client id of a producer that is load, not system. */
    static final String LOAD = "load";

    static final String RECEIVER = "receiver (not ours)";
    static final String LOAD_GROUP = "load (not ours)";
    static final String REST = "the machine's other threads, and those that ended";

    /** Threads that are no Java threads, by {@link NativeThreadCpu}'s names. */
    private static final List<String> NATIVE =
            List.of("compiler", "collector", "RocksDB's flushes and compactions");

    /** First match counts. */
    private static final ThreadGroups GROUPS =
            new ThreadGroups("others")
                    .with(RECEIVER, "vert.x")
                    .with(LOAD_GROUP, "kafka-producer-network-thread | " + LOAD, "main")
                    .with("producers of reports", "kafka-producer")
                    .with("consumers", "Source Data Fetcher")
                    .with("broker", "data-plane", "kafka-", "raft", "quorum")
                    .with("functions", "functions-")
                    .with("HTTP client", "webhook-http")
                    .with("timeouts, resolvers", "webhook-")
                    .with("task: webhooks", "webhooks")
                    .with("other tasks", "Source: ", "route", "status")
                    .with("flushes between tasks", "OutputFlusher")
                    .with("Flink's own", "flink-");

    private ThreadCpu() {}

    /** Nanoseconds by group since the start of the process. */
    static Map<String, Long> nanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Map<String, Long> nanos = new LinkedHashMap<>();
        long sum = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            long used = thread == null ? 0 : threads.getThreadCpuTime(thread.getThreadId());
            if (used > 0) {
                nanos.merge(GROUPS.of(thread.getThreadName()), used, Long::sum);
                sum += used;
            }
        }
        Map<String, Double> machine = NativeThreadCpu.micros();
        for (String group : NATIVE) {
            long used = Math.round(machine.getOrDefault(group, 0.0) * 1e3);
            nanos.put(group, used);
            sum += used;
        }
        OperatingSystemMXBean process =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        nanos.put(REST, process.getProcessCpuTime() - sum);
        return nanos;
    }

    /** What was used between two of {@link #nanos}, microseconds for each of so many deliveries. */
    static Map<String, Double> micros(Map<String, Long> before, Map<String, Long> after, double n) {
        Map<String, Double> micros = new LinkedHashMap<>();
        after.forEach(
                (group, nanos) ->
                        micros.put(group, (nanos - before.getOrDefault(group, 0L)) / 1e3 / n));
        return micros;
    }
}
