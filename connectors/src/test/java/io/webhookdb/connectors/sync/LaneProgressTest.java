package io.webhookdb.connectors.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.sync.LaneProgress.Existing;
import io.webhookdb.connectors.sync.LaneProgress.Phase;
import io.webhookdb.connectors.sync.LaneProgress.Queue;
import io.webhookdb.connectors.sync.LaneProgress.Round;
import io.webhookdb.schemas.trace.TraceContext;
import java.io.IOException;
import java.util.Set;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class LaneProgressTest {
    private static final LaneProgress SOME =
            new LaneProgress(
                    new Queue(3, 9, 4),
                    new Existing(Phase.AWAITS_ROUTERS, "gen", 17, Set.of(0, 2)),
                    new Round(1_000, 9, 2));

    @Test
    void readsExistingRowsOnlyWhenEveryRouterSendsChanges() {
        Existing one = LaneProgress.NEW.existing().heard(0, 2).heard(0, 2);
        assertThat(one.phase()).isEqualTo(Phase.AWAITS_ROUTERS);
        assertThat(one.heard(1, 2).phase()).isEqualTo(Phase.READING);
    }

    @Test
    void readsAnewWhenTheTableIsAnother() {
        Existing done = LaneProgress.NEW.existing().heard(0, 1).of("first").read(50, true);
        assertThat(done.phase()).isEqualTo(Phase.DONE);
        assertThat(done.of("first")).isEqualTo(done);
        assertThat(done.of("second")).isEqualTo(new Existing(Phase.READING, "second", 0, Set.of()));
        assertThat(done.heard(0, 1)).isEqualTo(done);
    }

    @Test
    void survivesItsSerializer() throws IOException {
        assertThat(copy(new LaneProgressSerializer(), SOME)).isEqualTo(SOME);
    }

    @Test
    void rowsAndInputsSurviveTheirSerializers() throws IOException {
        SyncRow row =
                TestingRow.of("ключ", 7)
                        .in(
                                new TraceContext(
                                        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                                        null));
        SyncInput input = copy(new SyncInputSerializer(), new SyncInput("syt_1", 1, row, 2, 3));
        assertThat(input.lane()).isEqualTo("syt_1/1");
        assertThat(input.row()).usingRecursiveComparison().isEqualTo(row);
        SyncInput notice = new SyncInput("syt_1", 1, null, 2, 3);
        assertThat(copy(new SyncInputSerializer(), notice)).isEqualTo(notice);
        SyncRow truncated = new SyncRow("k", 1, row.version(), false, row.row(), null);
        assertThat(copy(new PendingRowSerializer(), new PendingRow(5, truncated)))
                .usingRecursiveComparison()
                .isEqualTo(new PendingRow(5, truncated));
    }

    private static <T> T copy(TypeSerializer<T> serializer, T value) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(value, out);
        return serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
    }
}
