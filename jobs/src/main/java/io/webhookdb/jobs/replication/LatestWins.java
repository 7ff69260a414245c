package io.webhookdb.jobs.replication;

import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.connectors.serialization.ExplicitType;
import io.webhookdb.connectors.status.IntegrationReports;
import io.webhookdb.schemas.status.IntegrationTally;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Drops states of rows that are stale or known. What it remembers of a row expires some days after
 * the row's last change; then the database alone decides, which still keeps the order of versions,
 * but takes a retry for what it claims to be.
 *
 * <p>Of contents only the hash and the place in the log is remembered: one that lost to a retry and
 * wins once that retry's original comes late is {@linkplain #RECALLS read from there again}.
 */
final class LatestWins extends KeyedProcessFunction<String, SourcedRow, SourcedRow> {
    private static final long serialVersionUID = 1L;

    /** Events to be processed again. */
    static final OutputTag<LogPlace> RECALLS = new OutputTag<>("recalls", LogPlace.TYPE);

    private final long ttlMillis;
    private transient MapState<String, RowMemory> memories;
    private transient IntegrationReports reports;
    private transient long reportsAt;
    private transient Counter passed;
    private transient Counter stale;
    private transient Counter duplicate;
    private transient Counter recalled;

    LatestWins(Duration ttl) {
        this.ttlMillis = ttl.toMillis();
    }

    @Override
    public void open(OpenContext context) {
        MapStateDescriptor<String, RowMemory> descriptor =
                new MapStateDescriptor<>(
                        "row-memory",
                        Types.STRING,
                        ExplicitType.of(RowMemory.class, new RowMemorySerializer()));
        descriptor.enableTimeToLive(
                StateTtlConfig.newBuilder(Duration.ofMillis(ttlMillis)).build());
        memories = getRuntimeContext().getMapState(descriptor);
        reports =
                IntegrationReports.of("replication/latest-wins", getRuntimeContext().getTaskInfo());
        reportsAt = Long.MIN_VALUE;
        passed = getRuntimeContext().getMetricGroup().counter("rowsPassed");
        stale = getRuntimeContext().getMetricGroup().counter("rowsStale");
        duplicate = getRuntimeContext().getMetricGroup().counter("rowsDuplicate");
        recalled = getRuntimeContext().getMetricGroup().counter("rowsRecalled");
    }

    @Override
    public void processElement(SourcedRow row, Context context, Collector<SourcedRow> out)
            throws Exception {
        String key = row.update().key();
        RowMemory memory = memories.get(key);
        RowOrdering.Decision decision = RowOrdering.decide(memory, row);
        if (decision.memory() != memory) {
            memories.put(key, decision.memory());
        }
        if (decision instanceof RowOrdering.Recall recall) {
            recalled.inc();
            context.output(RECALLS, recall.place());
            decision = recall.decision();
        }
        if (decision instanceof RowOrdering.Write write) {
            passed.inc();
            out.collect(row.with(write.update()));
            return;
        }
        IntegrationTally tally =
                reports.of(row.update().organization(), row.update().integration());
        if (decision instanceof RowOrdering.Duplicate) {
            duplicate.inc();
            tally.duplicate();
        } else {
            stale.inc();
            tally.stale();
        }
        reportLater(context.timerService());
    }

    /** One timer for all keys of the subtask, under whichever came first. */
    private void reportLater(TimerService timers) {
        long now = timers.currentProcessingTime();
        if (now > reportsAt) {
            reportsAt = now + IntegrationReports.PERIOD.toMillis();
            timers.registerProcessingTimeTimer(reportsAt);
        }
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<SourcedRow> out) {
        reports.send(report -> context.output(IntegrationReports.TAG, report));
    }
}
