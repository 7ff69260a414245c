package io.webhookdb.connectors.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.row.RowUpdate.Operation;
import io.webhookdb.schemas.row.Version.Rank;
import io.webhookdb.schemas.trace.TraceContext;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SourcedRowSerializerTest {
    private final SourcedRowSerializer serializer = new SourcedRowSerializer();

    private static final TraceContext[] TRACES = {
        null,
        new TraceContext("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", null),
        new TraceContext("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "a=1")
    };

    private void readsBack(SourcedRow row) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(row, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());

        assertThat(serializer.deserialize(in)).usingRecursiveComparison().isEqualTo(row);
        assertThat(in.available()).isZero();
    }

    @Test
    void readsWhatTheFormBeforeHadWithoutATrace() throws IOException {
        RowUpdate update =
                TestingRows.row("k", TestingRows.version(1, Rank.DELETE, 1), Operation.UPSERT, "n");
        SourcedRow row = new SourcedRow(update, Origin.WEBHOOK, "topic", 3, 7);
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(row, out);
        byte[] before = Arrays.copyOf(out.getCopyOfBuffer(), out.length() - 1);
        before[0] = 2;

        assertThat(serializer.deserialize(new DataInputDeserializer(before)))
                .usingRecursiveComparison()
                .isEqualTo(row);
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void readsWhatItWrote(Operation operation) throws IOException {
        RowUpdate update =
                TestingRows.row("k", TestingRows.version(1, Rank.DELETE, 1), operation, "n\u00e9");
        RowUpdate withDelivery =
                new RowUpdate(
                        1,
                        "svi",
                        2,
                        "definition",
                        "k",
                        update.version(),
                        operation,
                        update.contentHash(),
                        new byte[16],
                        -5,
                        new String[] {"a", null, ""},
                        update.data());
        for (RowUpdate each : new RowUpdate[] {update, withDelivery}) {
            SourcedRow plain = new SourcedRow(each, Origin.REPLAY, "topic", 3, 1L << 40);
            for (TraceContext trace : TRACES) {
                SourcedRow row =
                        new SourcedRow(each, Origin.BACKFILL, "topic", 3, 1, "bfl@1", trace);
                readsBack(row);
            }
            readsBack(plain);
        }
    }
}
