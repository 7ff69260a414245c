package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.control.ControlBootstrap;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Runs functions. */
final class FunctionHost extends AbstractStreamOperator<OutgoingRecord>
        implements TwoInputStreamOperator<FunctionMessage, byte[], OutgoingRecord> {
    private static final long serialVersionUID = 1L;

    private final FunctionModule module;
    private final FunctionHostSettings settings;
    private final ControlBootstrap bootstrap;

    FunctionHost(
            StreamOperatorParameters<OutgoingRecord> parameters,
            FunctionModule module,
            FunctionHostSettings settings,
            ControlBootstrap bootstrap) {
        super(parameters);
        this.module = module;
        this.settings = settings;
        this.bootstrap = bootstrap;
    }

    @Override
    public void processElement1(StreamRecord<FunctionMessage> element) {}

    @Override
    public void processElement2(StreamRecord<byte[]> element) {}
}
