package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.serialization.Fields;
import io.webhookdb.connectors.serialization.TraceFields;
import io.webhookdb.connectors.serialization.VersionedSerializer;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.row.Version;
import io.webhookdb.schemas.trace.TraceContext;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Form of {@link SourcedRow} between operators and in the state of unwritten rows. */
public final class SourcedRowSerializer extends VersionedSerializer<SourcedRow> {

    @Override
    protected int format() {
        return 3;
    }

    @Override
    protected void write(SourcedRow row, DataOutputView out) throws IOException {
        Fields.writeText(row.origin().word(), out);
        Fields.writeText(row.topic(), out);
        out.writeInt(row.partition());
        out.writeLong(row.offset());
        writeUpdate(row.update(), out);
        Fields.writeText(row.run(), out);
        TraceFields.write(row.trace(), out);
    }

    @Override
    protected SourcedRow read(int format, DataInputView in) throws IOException {
        Origin origin = Origin.of(Fields.readText(in));
        String topic = Fields.readText(in);
        int partition = in.readInt();
        long offset = in.readLong();
        RowUpdate update = readUpdate(in);
        String run = format < 2 ? null : Fields.readText(in);
        TraceContext trace = format < 3 ? null : TraceFields.read(in);
        return new SourcedRow(update, origin, topic, partition, offset, run, trace);
    }

    private static void writeUpdate(RowUpdate update, DataOutputView out) throws IOException {
        out.writeLong(update.organization());
        Fields.writeText(update.integration(), out);
        out.writeLong(update.epoch());
        Fields.writeText(update.definition(), out);
        Fields.writeText(update.key(), out);
        out.write(update.version().bytes());
        out.writeByte(update.operation().code());
        Fields.writeBytes(update.contentHash(), out);
        Fields.writeBytes(update.deliveryHash(), out);
        out.writeLong(update.receivedAtMicros());
        out.writeInt(update.cells().length);
        for (String cell : update.cells()) {
            Fields.writeText(cell, out);
        }
        Fields.writeBytes(update.data(), out);
    }

    private static RowUpdate readUpdate(DataInputView in) throws IOException {
        return new RowUpdate(
                in.readLong(),
                Fields.readText(in),
                in.readLong(),
                Fields.readText(in),
                Fields.readText(in),
                readVersion(in),
                RowUpdate.Operation.ofCode(in.readByte()),
                Fields.readBytes(in),
                Fields.readBytes(in),
                in.readLong(),
                readCells(in),
                Fields.readBytes(in));
    }

    private static Version readVersion(DataInputView in) throws IOException {
        byte[] packed = new byte[Version.LENGTH];
        in.readFully(packed);
        return Version.ofBytes(packed);
    }

    private static String[] readCells(DataInputView in) throws IOException {
        String[] cells = new String[in.readInt()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = Fields.readText(in);
        }
        return cells;
    }

    @Override
    public TypeSerializerSnapshot<SourcedRow> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<SourcedRow> {
        public Snapshot() {
            super(SourcedRowSerializer::new);
        }
    }
}
