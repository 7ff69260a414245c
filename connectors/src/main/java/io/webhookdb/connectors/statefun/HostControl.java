package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.control.BroadcastControl;
import io.webhookdb.connectors.control.ControlBootstrap;
import java.util.Map;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.OperatorStateStore;

/** What the module is told of the control plane, and what a restart tells it again. */
final class HostControl {
    private final FunctionModule module;
    private final BroadcastState<String, byte[]> state;
    private final BroadcastControl control;

    private HostControl(FunctionModule module, BroadcastState<String, byte[]> state)
            throws Exception {
        this.module = module;
        this.state = state;
        this.control = BroadcastControl.over(state);
    }

    /** With what state has of it. */
    static HostControl restored(FunctionModule module, OperatorStateStore store) throws Exception {
        return new HostControl(module, store.getBroadcastState(BroadcastControl.STATE));
    }

    /** With all there is, where there is no state. */
    static HostControl fresh(
            FunctionModule module, OperatorStateStore store, ControlBootstrap bootstrap)
            throws Exception {
        HostControl fresh = restored(module, store);
        for (byte[] json : bootstrap.read()) {
            fresh.control.apply(json);
        }
        return fresh;
    }

    /** Tells the module, which is open now, everything. */
    void tellAll() throws Exception {
        for (Map.Entry<String, byte[]> record : state.immutableEntries()) {
            module.control(record.getValue());
        }
    }

    /** Takes a record in, and tells the module if it is news. */
    void apply(byte[] json) throws Exception {
        if (control.apply(json).isPresent()) {
            module.control(json);
        }
    }
}
