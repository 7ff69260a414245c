package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.sync.SyncContext.Known;
import io.webhookdb.schemas.deadletter.DeadLetter;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Counts what became of rows, and lets those no target takes go to dead letters. */
final class SyncOutcomes implements PageSending.Outcomes {
    private final Output<StreamRecord<OutgoingRecord>> output;
    private final Counter rowsSettled;
    private final Counter rowsRefused;
    private final Counter pagesFailed;

    SyncOutcomes(MetricGroup metrics, Output<StreamRecord<OutgoingRecord>> output) {
        this.output = output;
        rowsSettled = metrics.counter("rowsSettled");
        rowsRefused = metrics.counter("rowsRefused");
        pagesFailed = metrics.counter("pagesFailed");
    }

    @Override
    public void settled(int rows) {
        rowsSettled.inc(rows);
    }

    @Override
    public void failed() {
        pagesFailed.inc();
    }

    @Override
    public void refused(Known known, SyncRow row, SyncException why) {
        rowsRefused.inc();
        output.collect(
                DeadLetters.TAG,
                new StreamRecord<>(
                        DeadLetters.encoded(
                                new DeadLetter(
                                        "",
                                        -1,
                                        -1,
                                        row.parsedVersion().eventId().toString(),
                                        known.target().organization(),
                                        known.integration(),
                                        row.key(),
                                        DeadLetter.Reason.REFUSED_BY_TARGET,
                                        "Sync target "
                                                + known.target().id()
                                                + ": "
                                                + why.getMessage(),
                                        why.sqlState(),
                                        1,
                                        DeadLetters.nowMicros()))));
    }
}
