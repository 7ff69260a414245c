package io.webhookdb.connectors.sync;

import java.util.List;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;

/** Keyed state of lanes; always of the key that is current. */
final class LaneState implements PendingChanges.Store {
    static final String PROGRESS = "progress";

    private final ValueState<LaneProgress> progress;
    private final MapState<String, PendingRow> rows;
    private final MapState<Long, String> order;
    private final MapState<String, String> acknowledged;
    private final ValueState<Long> settled;
    private final ValueState<Long> bytes;
    private final ValueState<Long> loaded;

    LaneState(KeyedStateStore store) {
        progress =
                store.getState(new ValueStateDescriptor<>(PROGRESS, new LaneProgressSerializer()));
        rows =
                store.getMapState(
                        new MapStateDescriptor<>(
                                "rows", StringSerializer.INSTANCE, new PendingRowSerializer()));
        order =
                store.getMapState(
                        new MapStateDescriptor<>(
                                "order", LongSerializer.INSTANCE, StringSerializer.INSTANCE));
        acknowledged =
                store.getMapState(
                        new MapStateDescriptor<>(
                                "acknowledged",
                                StringSerializer.INSTANCE,
                                StringSerializer.INSTANCE));
        settled = store.getState(new ValueStateDescriptor<>("settled", LongSerializer.INSTANCE));
        bytes = store.getState(new ValueStateDescriptor<>("bytes", LongSerializer.INSTANCE));
        loaded = store.getState(new ValueStateDescriptor<>("loaded", LongSerializer.INSTANCE));
    }

    /** What the target took since its creation. */
    SyncReports.Totals totals() throws Exception {
        return new SyncReports.Totals(number(settled), number(bytes), number(loaded));
    }

    void settled(List<SyncRow> rows) throws Exception {
        if (!rows.isEmpty()) {
            settled.update(number(settled) + rows.size());
            bytes.update(number(bytes) + rows.stream().mapToLong(SyncRow::weight).sum());
        }
    }

    void loaded(int more) throws Exception {
        if (more > 0) {
            loaded.update(number(loaded) + more);
        }
    }

    /** Existing rows are read anew. */
    void nothingLoaded() {
        loaded.clear();
    }

    private static long number(ValueState<Long> value) throws Exception {
        Long saved = value.value();
        return saved == null ? 0 : saved;
    }

    LaneProgress progress() throws Exception {
        LaneProgress saved = progress.value();
        return saved == null ? LaneProgress.NEW : saved;
    }

    void progress(LaneProgress now) throws Exception {
        progress.update(now);
    }

    void forgetAcknowledged() {
        acknowledged.clear();
    }

    void clear() {
        progress.clear();
        rows.clear();
        order.clear();
        acknowledged.clear();
        settled.clear();
        bytes.clear();
        loaded.clear();
    }

    @Override
    public PendingRow row(String key) throws Exception {
        return rows.get(key);
    }

    @Override
    public void row(String key, PendingRow row) throws Exception {
        rows.put(key, row);
    }

    @Override
    public void removeRow(String key) throws Exception {
        rows.remove(key);
    }

    @Override
    public String keyAt(long sequence) throws Exception {
        return order.get(sequence);
    }

    @Override
    public void keyAt(long sequence, String key) throws Exception {
        order.put(sequence, key);
    }

    @Override
    public void removeKeyAt(long sequence) throws Exception {
        order.remove(sequence);
    }

    @Override
    public String acknowledged(String key) throws Exception {
        return acknowledged.get(key);
    }

    @Override
    public void acknowledged(String key, String version) throws Exception {
        acknowledged.put(key, version);
    }
}
