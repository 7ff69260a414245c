package io.webhookdb.connectors.replica;

import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** Counts of the replica writer, per subtask. */
final class WriterMetrics {
    private static final int WINDOW = 500;

    private final Counter received;
    private final Counter applied;
    private final Counter unchanged;
    private final Counter stale;
    private final Counter dead;
    private final Counter dropped;
    private final Counter failures;
    private final Histogram batchRows;
    private final Histogram writeMillis;

    WriterMetrics(MetricGroup group) {
        received = group.counter("rowsReceived");
        applied = group.counter("rowsApplied");
        unchanged = group.counter("rowsUnchanged");
        stale = group.counter("rowsStale");
        dead = group.counter("rowsDead");
        dropped = group.counter("rowsDroppedOfDeleted");
        failures = group.counter("batchFailures");
        batchRows = group.histogram("batchRows", new DescriptiveStatisticsHistogram(WINDOW));
        writeMillis = group.histogram("writeMillis", new DescriptiveStatisticsHistogram(WINDOW));
    }

    static void gauge(MetricGroup group, String name, LongSupplier value) {
        group.gauge(name, (Gauge<Long>) value::getAsLong);
    }

    void received() {
        received.inc();
    }

    void dropped(long rows) {
        dropped.inc(rows);
    }

    void ended(BatchOutcome outcome, int rows, long millis) {
        applied.inc(outcome.applied().size());
        unchanged.inc(outcome.applied().size() - outcome.changes().size());
        stale.inc(outcome.stale().size());
        dead.inc(outcome.refused().size());
        if (outcome.failure() != null) {
            failures.inc();
        }
        batchRows.update(rows);
        writeMillis.update(millis);
    }
}
