package io.webhookdb.connectors.serialization;

import io.webhookdb.schemas.trace.TraceContext;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A trace as every {@link VersionedSerializer} writes it: one byte where there is none. */
public final class TraceFields {
    private TraceFields() {}

    /** May be null. */
    public static void write(TraceContext trace, DataOutputView out) throws IOException {
        out.writeBoolean(trace != null);
        if (trace != null) {
            Fields.writeText(trace.parent(), out);
            Fields.writeText(trace.state(), out);
        }
    }

    /** What {@link #write} wrote. */
    public static TraceContext read(DataInputView in) throws IOException {
        return in.readBoolean() ? new TraceContext(Fields.readText(in), Fields.readText(in)) : null;
    }
}
