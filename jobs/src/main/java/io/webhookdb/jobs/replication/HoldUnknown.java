package io.webhookdb.jobs.replication;

import io.webhookdb.connectors.control.BroadcastControl;
import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.IncomingEvent;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.connectors.status.IntegrationReports;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.deadletter.DeadLetter.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Holds events of integrations that are not known yet, keyed by integration id, until control
 * brings them, for a limited time and up to a limited number; then they are dead letters.
 */
final class HoldUnknown
        extends KeyedBroadcastProcessFunction<String, IncomingEvent, byte[], SourcedRow>
        implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    /** Since when an event is held, milliseconds since the epoch, and the event. */
    private static final ListStateDescriptor<Tuple2<Long, IncomingEvent>> HELD =
            new ListStateDescriptor<>("held-events", Types.TUPLE(Types.LONG, IncomingEvent.TYPE));

    private final long holdMillis;
    private final int mostPerIntegration;
    private transient BroadcastControl control;
    private transient EventTranslator translator;
    private transient ListState<Tuple2<Long, IncomingEvent>> held;
    private transient Map<String, Integer> counts;

    /** Integrations by the key of the control record that their events wait for. */
    private transient Map<String, Set<String>> awaiting;

    /** Whether events may be held of which nobody has looked yet what they wait for. */
    private transient boolean restored;

    private transient EventCounts eventCounts;
    private transient Counter released;
    private transient Counter givenUp;

    HoldUnknown(Duration hold, int mostPerIntegration) {
        this.holdMillis = hold.toMillis();
        this.mostPerIntegration = mostPerIntegration;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        control =
                BroadcastControl.over(
                        context.getOperatorStateStore().getBroadcastState(BroadcastControl.STATE));
        held = context.getKeyedStateStore().getListState(HELD);
        restored = context.isRestored();
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
        // Everything lies in state already.
    }

    @Override
    public void open(OpenContext context) {
        translator = new EventTranslator();
        counts = new HashMap<>();
        awaiting = new HashMap<>();
        eventCounts =
                new EventCounts(
                        IntegrationReports.of(
                                "replication/hold", getRuntimeContext().getTaskInfo()));
        released = getRuntimeContext().getMetricGroup().counter("eventsReleased");
        givenUp = getRuntimeContext().getMetricGroup().counter("eventsGivenUp");
    }

    @Override
    public void processElement(
            IncomingEvent event, ReadOnlyContext context, Collector<SourcedRow> out)
            throws Exception {
        EventTranslator.Translation translation = translator.translate(event, control.directory());
        eventCounts.count(event, translation, control.directory());
        if (!(translation instanceof EventTranslator.Unknown unknown)) {
            emit(translation, context::output, out);
            reportLater(context.timerService());
            return;
        }
        int count = count(context.getCurrentKey());
        if (count >= mostPerIntegration) {
            givenUp.inc();
            eventCounts.dead(event, control.directory());
            context.output(
                    DeadLetters.TAG,
                    DeadLetters.of(
                            event,
                            0,
                            Reason.UNKNOWN_INTEGRATION,
                            "Waiting for "
                                    + unknown.missing()
                                    + ", as "
                                    + count
                                    + " events already do."));
            reportLater(context.timerService());
            return;
        }
        long now = context.timerService().currentProcessingTime();
        held.add(Tuple2.of(now, event));
        counts.put(context.getCurrentKey(), count + 1);
        await(unknown, context.getCurrentKey());
        wakeAt(context.timerService(), now + holdMillis);
    }

    private static void reportLater(TimerService timers) {
        wakeAt(timers, timers.currentProcessingTime() + IntegrationReports.PERIOD.toMillis());
    }

    /** Rounded up, so that a burst takes few timers. */
    private static void wakeAt(TimerService timers, long millis) {
        timers.registerProcessingTimeTimer(millis / 1000 * 1000 + 1000);
    }

    @Override
    public void processBroadcastElement(byte[] json, Context context, Collector<SourcedRow> out)
            throws Exception {
        Optional<ControlRecord> record = control.apply(json);
        if (record.isEmpty()) {
            return;
        }
        Set<String> waiting = awaiting.remove(record.get().key());
        if (!restored && waiting == null) {
            return;
        }
        // Each record looks at those that wait for it: with many of both the rest would be late.
        boolean all = restored;
        restored = false;
        context.applyToKeyedState(
                HELD,
                (integration, state) -> {
                    if (all || waiting.contains(integration)) {
                        release(integration, state, context::output, out);
                    }
                });
        eventCounts.send(report -> context.output(IntegrationReports.TAG, report));
    }

    private void await(EventTranslator.Unknown unknown, String integration) {
        awaiting.computeIfAbsent(unknown.control(), key -> new HashSet<>()).add(integration);
    }

    private void release(
            String integration,
            ListState<Tuple2<Long, IncomingEvent>> state,
            BiConsumer<OutputTag<OutgoingRecord>, OutgoingRecord> aside,
            Collector<SourcedRow> out)
            throws Exception {
        List<Tuple2<Long, IncomingEvent>> kept = new ArrayList<>();
        for (Tuple2<Long, IncomingEvent> entry : state.get()) {
            EventTranslator.Translation translation =
                    translator.translate(entry.f1, control.directory());
            if (translation instanceof EventTranslator.Unknown unknown) {
                kept.add(entry);
                await(unknown, integration);
            } else {
                released(entry.f1, translation, aside, out);
            }
        }
        replace(integration, state, kept);
    }

    private void released(
            IncomingEvent event,
            EventTranslator.Translation translation,
            BiConsumer<OutputTag<OutgoingRecord>, OutgoingRecord> aside,
            Collector<SourcedRow> out) {
        released.inc();
        eventCounts.count(event, translation, control.directory());
        emit(translation, aside, out);
    }

    private static void emit(
            EventTranslator.Translation translation,
            BiConsumer<OutputTag<OutgoingRecord>, OutgoingRecord> aside,
            Collector<SourcedRow> out) {
        if (translation instanceof EventTranslator.Rows rows) {
            rows.rows().forEach(out::collect);
            if (rows.order() != null) {
                aside.accept(TranslateEvents.FETCHES, rows.order());
            }
        } else if (translation instanceof EventTranslator.Fetch fetch) {
            aside.accept(TranslateEvents.FETCHES, fetch.order());
        } else if (translation instanceof EventTranslator.Dead dead) {
            aside.accept(DeadLetters.TAG, dead.letter());
        }
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<SourcedRow> out)
            throws Exception {
        List<Tuple2<Long, IncomingEvent>> kept = new ArrayList<>();
        for (Tuple2<Long, IncomingEvent> entry : held.get()) {
            if (entry.f0 + holdMillis > time) {
                kept.add(entry);
                continue;
            }
            EventTranslator.Translation translation =
                    translator.translate(entry.f1, control.directory());
            if (translation instanceof EventTranslator.Unknown unknown) {
                givenUp.inc();
                eventCounts.dead(entry.f1, control.directory());
                context.output(
                        DeadLetters.TAG,
                        DeadLetters.of(
                                entry.f1,
                                0,
                                Reason.UNKNOWN_INTEGRATION,
                                "Waited "
                                        + holdMillis / 1000
                                        + " s for "
                                        + unknown.missing()
                                        + "."));
            } else {
                released(entry.f1, translation, context::output, out);
            }
        }
        replace(context.getCurrentKey(), held, kept);
        if (kept.isEmpty()) {
            // What never comes must not be remembered for ever.
            awaiting.values()
                    .removeIf(
                            waiting ->
                                    waiting.remove(context.getCurrentKey()) && waiting.isEmpty());
        }
        eventCounts.send(report -> context.output(IntegrationReports.TAG, report));
    }

    private int count(String integration) throws Exception {
        Integer known = counts.get(integration);
        if (known != null) {
            return known;
        }
        int count = 0;
        for (Tuple2<Long, IncomingEvent> ignored : held.get()) {
            count++;
        }
        return count;
    }

    private void replace(
            String integration,
            ListState<Tuple2<Long, IncomingEvent>> state,
            List<Tuple2<Long, IncomingEvent>> kept)
            throws Exception {
        if (kept.isEmpty()) {
            state.clear();
            counts.remove(integration);
        } else {
            state.update(kept);
            counts.put(integration, kept.size());
        }
    }
}
