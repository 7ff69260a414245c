package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.serialization.Fields;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Fields of a {@link SyncRow}, form 1, as both serializers of this package write them. */
final class SyncRowForm {
    private SyncRowForm() {}

    static void write(SyncRow row, DataOutputView out) throws IOException {
        Fields.writeText(row.key(), out);
        out.writeLong(row.pk());
        Fields.writeText(row.version(), out);
        out.writeBoolean(row.deleted());
        Fields.writeBytes(row.row(), out);
        Fields.writeBytes(row.data(), out);
    }

    static SyncRow read(DataInputView in) throws IOException {
        return new SyncRow(
                Fields.readText(in),
                in.readLong(),
                Fields.readText(in),
                in.readBoolean(),
                Fields.readBytes(in),
                Fields.readBytes(in));
    }
}
