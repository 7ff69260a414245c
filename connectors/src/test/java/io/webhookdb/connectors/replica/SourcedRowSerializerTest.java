package io.webhookdb.connectors.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.row.RowUpdate.Operation;
import io.webhookdb.schemas.row.Version.Rank;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SourcedRowSerializerTest {
    private final SourcedRowSerializer serializer = new SourcedRowSerializer();

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
            SourcedRow row = new SourcedRow(each, Origin.REPLAY, "topic", 3, 1L << 40);
            DataOutputSerializer out = new DataOutputSerializer(64);
            serializer.serialize(row, out);
            DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());

            assertThat(serializer.deserialize(in)).usingRecursiveComparison().isEqualTo(row);
            assertThat(in.available()).isZero();
        }
    }
}
