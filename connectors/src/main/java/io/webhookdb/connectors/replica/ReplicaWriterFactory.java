package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.control.ControlBootstrap;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperatorFactory;

/**
 * Makes the operator that writes rows, keyed by {@link LaneKey}, into the organizations' databases.
 * Its second input are broadcast control records, its output announcements of committed changes,
 * its side output {@link io.webhookdb.connectors.kafka.DeadLetters#TAG}.
 */
public final class ReplicaWriterFactory extends AbstractStreamOperatorFactory<OutgoingRecord>
        implements TwoInputStreamOperatorFactory<SourcedRow, byte[], OutgoingRecord> {
    private static final long serialVersionUID = 1L;

    private final ReplicaWriterSettings settings;
    private final ControlBootstrap bootstrap;
    private final String keysets;

    /**
     * @param settings limits
     * @param bootstrap how control is read when there is no restored state
     * @param keysets folder with the keyset that opens owner passwords
     */
    public ReplicaWriterFactory(
            ReplicaWriterSettings settings, ControlBootstrap bootstrap, String keysets) {
        this.settings = settings;
        this.bootstrap = bootstrap;
        this.keysets = keysets;
        this.chainingStrategy = ChainingStrategy.ALWAYS;
    }

    @Override
    @SuppressWarnings("unchecked") // The operator's output type is the factory's.
    public <T extends StreamOperator<OutgoingRecord>> T createStreamOperator(
            StreamOperatorParameters<OutgoingRecord> parameters) {
        return (T) new ReplicaWriter(parameters, settings, bootstrap, keysets);
    }

    @Override
    @SuppressWarnings("rawtypes") // As the interface declares it.
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return ReplicaWriter.class;
    }
}
