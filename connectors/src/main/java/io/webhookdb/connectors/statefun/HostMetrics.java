package io.webhookdb.connectors.statefun;

import java.util.function.IntSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** Counts of the function host, per subtask. */
final class HostMetrics {
    private static final int WINDOW = 500;

    final Counter received;
    final Counter settled;
    final Counter egress;
    final Counter failures;
    final Counter dead;
    final Counter refused;
    private final Histogram callMillis;

    HostMetrics(MetricGroup group) {
        received = group.counter("messagesReceived");
        settled = group.counter("messagesSettled");
        egress = group.counter("egressMessages");
        failures = group.counter("callFailures");
        dead = group.counter("messagesDead");
        refused = group.counter("messagesRefused");
        callMillis = group.histogram("callMillis", new DescriptiveStatisticsHistogram(WINDOW));
    }

    static void gauge(MetricGroup group, String name, IntSupplier value) {
        group.gauge(name, (Gauge<Integer>) value::getAsInt);
    }

    void called(long millis) {
        callMillis.update(millis);
    }
}
