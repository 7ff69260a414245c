package io.webhookdb.jobs.replication;

import io.webhookdb.connectors.control.BroadcastControl;
import io.webhookdb.connectors.control.ControlBootstrap;
import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.IncomingEvent;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.connectors.status.IntegrationReports;
import java.util.function.Consumer;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.BroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Events to rows. Without restored state it first reads what exists, so that no event is taken for
 * one of an unknown integration only because control came later.
 */
final class TranslateEvents extends BroadcastProcessFunction<IncomingEvent, byte[], SourcedRow>
        implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    /** Resources to be fetched, because an event named them. */
    static final OutputTag<OutgoingRecord> FETCHES =
            new OutputTag<>("fetches", OutgoingRecord.TYPE);

    /** Events whose integration, or its newer revision, is not known yet. */
    static final OutputTag<IncomingEvent> UNKNOWN =
            new OutputTag<>("events-of-unknown-integration", IncomingEvent.TYPE);

    private final ControlBootstrap bootstrap;
    private transient BroadcastControl control;
    private transient EventTranslator translator;
    private transient EventMetrics metrics;
    private transient EventCounts counts;

    TranslateEvents(ControlBootstrap bootstrap) {
        this.bootstrap = bootstrap;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        control =
                BroadcastControl.complete(
                        context.getOperatorStateStore().getBroadcastState(BroadcastControl.STATE),
                        bootstrap);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
        // Control lies in broadcast state already.
    }

    @Override
    public void open(OpenContext context) {
        translator = new EventTranslator();
        metrics = new EventMetrics(getRuntimeContext().getMetricGroup());
        counts =
                new EventCounts(
                        IntegrationReports.of(
                                "replication/translate", getRuntimeContext().getTaskInfo()));
    }

    @Override
    public void processElement(
            IncomingEvent event, ReadOnlyContext context, Collector<SourcedRow> out) {
        EventTranslator.Translation translation = translator.translate(event, control.directory());
        metrics.count(event.event() == null ? 0 : event.event().body().length, translation);
        counts.count(event, translation, control.directory());
        if (translation instanceof EventTranslator.Rows rows) {
            rows.rows().forEach(out::collect);
            if (rows.order() != null) {
                context.output(FETCHES, rows.order());
            }
        } else if (translation instanceof EventTranslator.Dead dead) {
            context.output(DeadLetters.TAG, dead.letter());
        } else if (translation instanceof EventTranslator.Fetch fetch) {
            context.output(FETCHES, fetch.order());
        } else if (translation instanceof EventTranslator.Unknown) {
            context.output(UNKNOWN, event);
        }
    }

    @Override
    public void processBroadcastElement(byte[] json, Context context, Collector<SourcedRow> out)
            throws Exception {
        control.apply(json);
    }

    /** Reports what was counted since the last time. */
    void report(Consumer<OutgoingRecord> output) {
        counts.send(output);
    }
}
