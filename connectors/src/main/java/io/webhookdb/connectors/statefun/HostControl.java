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

    HostControl(FunctionModule module, OperatorStateStore store, ControlBootstrap bootstrap)
            throws Exception {
        this.module = module;
        this.state = store.getBroadcastState(BroadcastControl.STATE);
        this.control = BroadcastControl.complete(state, bootstrap);
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
