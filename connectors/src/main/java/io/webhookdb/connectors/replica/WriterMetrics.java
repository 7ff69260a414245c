package io.webhookdb.connectors.replica;

import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** Counts of the replica writer, per subtask. */
final class WriterMetrics {
    private static final int WINDOW = 500;

    private final MetricGroup group;
    private final Counter received;
    private final Counter applied;
    private final Counter unchanged;
    private final Counter repaired;
    private final Counter stale;
    private final Counter dead;
    private final Counter dropped;
    private final Counter failures;
    private final Histogram batchRows;
    private final Histogram writeMillis;
    private final Histogram receiptToCommitMillis;

    WriterMetrics(MetricGroup group) {
        this.group = group;
        received = group.counter("rowsReceived");
        applied = group.counter("rowsApplied");
        unchanged = group.counter("rowsUnchanged");
        repaired = group.counter("rowsRepaired");
        stale = group.counter("rowsStale");
        dead = group.counter("rowsDead");
        dropped = group.counter("rowsDroppedOfDeleted");
        failures = group.counter("batchFailures");
        batchRows = group.histogram("batchRows", new DescriptiveStatisticsHistogram(WINDOW));
        writeMillis = group.histogram("writeMillis", new DescriptiveStatisticsHistogram(WINDOW));
        receiptToCommitMillis =
                group.histogram(
                        "receiptToCommitMillis", new DescriptiveStatisticsHistogram(WINDOW));
    }

    /**
     * What is read whenever somebody asks, on threads of the metrics' own.
     *
     * @param load what the lanes hold
     * @param connections open connections
     * @param unreadable control records in state of kinds this release does not know
     */
    void gauges(Supplier<Lanes.Load> load, IntSupplier connections, IntSupplier unreadable) {
        gauge("rowsParked", () -> load.get().rowsParked());
        gauge("heapBytes", () -> load.get().heapBytes());
        gauge("oldestParkedReceivedAtMicros", () -> load.get().oldestParkedReceivedAtMicros());
        gauge("openConnections", () -> (long) connections.getAsInt());
        gauge("controlRecordsUnreadable", () -> (long) unreadable.getAsInt());
    }

    private void gauge(String name, Gauge<Long> value) {
        group.gauge(name, value);
    }

    /** A backfill brought what webhooks had not. */
    void repaired() {
        repaired.inc();
    }

    void received() {
        received.inc();
    }

    void dropped(long rows) {
        dropped.inc(rows);
    }

    /** How long an event took to become a row, the slowest of a batch. */
    void latency(long millis) {
        receiptToCommitMillis.update(millis);
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
