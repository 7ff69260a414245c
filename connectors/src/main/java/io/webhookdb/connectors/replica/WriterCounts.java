package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.status.IntegrationReports;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.status.IntegrationTally;
import java.util.function.Consumer;

/** Counts what became of rows, per integration. */
final class WriterCounts {
    private final IntegrationReports reports;
    private final WriterMetrics metrics;
    private final RepairReports repairs;

    WriterCounts(IntegrationReports reports, WriterMetrics metrics, RepairReports repairs) {
        this.reports = reports;
        this.metrics = metrics;
        this.repairs = repairs;
    }

    /** Counts a batch of one lane, on the task thread right after its end. */
    void ended(LaneKey lane, BatchOutcome outcome) {
        if (outcome.applied().isEmpty()
                && outcome.stale().isEmpty()
                && outcome.refused().isEmpty()) {
            return;
        }
        IntegrationTally tally = reports.of(lane.organization(), lane.integration());
        long now = DeadLetters.nowMicros();
        long slowest = -1;
        for (SourcedRow row : outcome.applied()) {
            tally.applied(now);
            // A replay was received long ago, which is nobody's latency.
            if (row.origin() != Origin.REPLAY) {
                long millis = (now - row.update().receivedAtMicros()) / 1000;
                tally.latency(millis);
                slowest = Math.max(slowest, millis);
            }
        }
        if (slowest >= 0) {
            metrics.latency(slowest);
        }
        for (SourcedRow row : outcome.changed()) {
            if (row.run() != null) {
                metrics.repaired();
                repairs.count(lane.organization(), lane.integration(), row.run());
            }
        }
        outcome.stale().forEach(row -> tally.stale());
        outcome.refused().forEach(row -> tally.dead());
    }

    /** Reports if something has changed. */
    void send(Consumer<OutgoingRecord> output) {
        reports.send(output);
        repairs.send(output);
    }
}
