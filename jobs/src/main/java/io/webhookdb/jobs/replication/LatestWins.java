package io.webhookdb.jobs.replication;

import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.connectors.serialization.ExplicitType;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Drops states of rows that are stale or known. What it remembers of a row expires some days after
 * the row's last change; then the database alone decides, which still keeps the order of versions,
 * but takes a retry for what it claims to be.
 */
final class LatestWins extends KeyedProcessFunction<String, SourcedRow, SourcedRow> {
    private static final long serialVersionUID = 1L;

    private final long ttlMillis;
    private transient MapState<String, RowMemory> memories;
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
        passed = getRuntimeContext().getMetricGroup().counter("rowsPassed");
        stale = getRuntimeContext().getMetricGroup().counter("rowsStale");
        duplicate = getRuntimeContext().getMetricGroup().counter("rowsDuplicate");
    }

    @Override
    public void processElement(SourcedRow row, Context context, Collector<SourcedRow> out)
            throws Exception {
        String key = row.update().key();
        RowMemory memory = memories.get(key);
        RowOrdering.Decision decision = RowOrdering.decide(memory, row.update(), row.origin());
        if (decision.memory() != memory) {
            memories.put(key, decision.memory());
        }
        if (decision instanceof RowOrdering.Write write) {
            passed.inc();
            out.collect(row.with(write.update()));
        } else if (decision instanceof RowOrdering.Duplicate) {
            duplicate.inc();
        } else {
            stale.inc();
        }
    }
}
