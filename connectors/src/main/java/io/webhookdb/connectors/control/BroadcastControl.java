package io.webhookdb.connectors.control;

import io.webhookdb.connectors.control.ControlDirectory.Applied;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * A {@link ControlDirectory} that survives in broadcast state, as the JSON the records came in. The
 * parsed form is only a cache, so that state does not change with the classes.
 */
public final class BroadcastControl {
    /** The state, under the same name in every operator. */
    public static final MapStateDescriptor<String, byte[]> STATE =
            new MapStateDescriptor<>(
                    "control", Types.STRING, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    private final BroadcastState<String, byte[]> state;
    private final ControlDirectory directory = new ControlDirectory();
    private int unknown;

    private BroadcastControl(BroadcastState<String, byte[]> state) {
        this.state = state;
    }

    /**
     * Reads what the state holds. Records of a kind this release does not know (a later one wrote
     * the savepoint) stay in state, are counted and otherwise left alone.
     *
     * @param state the operator's broadcast state of {@link #STATE}
     */
    public static BroadcastControl over(BroadcastState<String, byte[]> state) throws Exception {
        BroadcastControl control = new BroadcastControl(state);
        for (Map.Entry<String, byte[]> entry : state.immutableEntries()) {
            control.restore(entry.getValue());
        }
        return control;
    }

    /**
     * The same with everything that has been published so far: what came about while the job was
     * down must be known before the first event of it comes, and the stream of control does not
     * wait for that of events.
     */
    public static BroadcastControl complete(
            BroadcastState<String, byte[]> state, ControlBootstrap bootstrap) throws Exception {
        BroadcastControl control = over(state);
        for (byte[] json : bootstrap.read()) {
            control.apply(json);
        }
        return control;
    }

    private void restore(byte[] json) {
        ControlRecord record;
        try {
            record = ControlCodec.decode(json);
        } catch (IllegalArgumentException e) {
            unknown++;
            return;
        }
        directory.apply(record);
    }

    /** Records in state that this release cannot read. */
    public int unknown() {
        return unknown;
    }

    /** What is known. */
    public ControlDirectory directory() {
        return directory;
    }

    /**
     * Takes a record in.
     *
     * @param json JSON that {@link ControlDeserializer} let through
     * @return the record, if it changed what is known
     */
    public Optional<ControlRecord> apply(byte[] json) throws Exception {
        ControlRecord record = ControlCodec.decode(json);
        if (directory.apply(record) == Applied.OUTDATED) {
            return Optional.empty();
        }
        state.put(record.key(), json);
        return Optional.of(record);
    }
}
