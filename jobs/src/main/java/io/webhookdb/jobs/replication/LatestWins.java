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

/**
 * Drops states of rows that are stale or known. What it remembers of a row expires some days after
 * the row's last change; then the database alone decides, which still keeps the order of versions,
 * but takes a retry for what it claims to be.
 *
 * <p>The contents of the newest version time are kept for an hour, so that one that lost to a retry
 * can still win when that retry's original comes late: about the size of what changed in an hour.
 */
final class LatestWins extends KeyedProcessFunction<String, SourcedRow, SourcedRow> {
    private static final long serialVersionUID = 1L;

    /** No original comes later than this after its retry, short of an outage. */
    private static final Duration CONTENTS_TTL = Duration.ofHours(1);

    private final long ttlMillis;
    private transient MapState<String, RowMemory> memories;
    private transient RowContest.Contents contents;
    private transient IntegrationReports reports;
    private transient long reportsAt;
    private transient Counter passed;
    private transient Counter stale;
    private transient Counter duplicate;

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
        contents = contents();
        reports =
                IntegrationReports.of("replication/latest-wins", getRuntimeContext().getTaskInfo());
        reportsAt = Long.MIN_VALUE;
        passed = getRuntimeContext().getMetricGroup().counter("rowsPassed");
        stale = getRuntimeContext().getMetricGroup().counter("rowsStale");
        duplicate = getRuntimeContext().getMetricGroup().counter("rowsDuplicate");
    }

    @Override
    public void processElement(SourcedRow row, Context context, Collector<SourcedRow> out)
            throws Exception {
        String key = row.update().key();
        RowMemory memory = memories.get(key);
        RowContest.Result result = RowContest.decide(memory, row, contents);
        RowOrdering.Decision decision = result.decision();
        if (decision.memory() != memory) {
            memories.put(key, decision.memory());
        }
        if (result.write() != null) {
            passed.inc();
            out.collect(result.write());
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

    private RowContest.Contents contents() {
        MapStateDescriptor<String, SourcedRow> descriptor =
                new MapStateDescriptor<>("row-contents", Types.STRING, SourcedRow.TYPE);
        descriptor.enableTimeToLive(StateTtlConfig.newBuilder(CONTENTS_TTL).build());
        MapState<String, SourcedRow> state = getRuntimeContext().getMapState(descriptor);
        return new RowContest.Contents() {
            @Override
            public SourcedRow get(String key) throws Exception {
                return state.get(key);
            }

            @Override
            public void put(String key, SourcedRow row) throws Exception {
                state.put(key, row);
            }

            @Override
            public void remove(String key) throws Exception {
                state.remove(key);
            }

            @Override
            public boolean contains(String key) throws Exception {
                return state.contains(key);
            }
        };
    }
}
