package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.serialization.Fields;
import io.webhookdb.connectors.serialization.TraceFields;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Fields of a {@link SyncRow}, form 2, as both serializers of this package write them. Form 1 had
 * no trace.
 */
final class SyncRowForm {
    static final int FORMAT = 2;

    private SyncRowForm() {}

    static void write(SyncRow row, DataOutputView out) throws IOException {
        Fields.writeText(row.key(), out);
        out.writeLong(row.pk());
        Fields.writeText(row.version(), out);
        out.writeBoolean(row.deleted());
        Fields.writeBytes(row.row(), out);
        Fields.writeBytes(row.data(), out);
        TraceFields.write(row.trace(), out);
    }

    static SyncRow read(int format, DataInputView in) throws IOException {
        return new SyncRow(
                Fields.readText(in),
                in.readLong(),
                Fields.readText(in),
                in.readBoolean(),
                Fields.readBytes(in),
                Fields.readBytes(in),
                format < 2 ? null : TraceFields.read(in));
    }
}
